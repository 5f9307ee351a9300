"""The record file of one backend, merged from runs that each judge one op of it.

A run whose node was lost is repeated, and tells again what it told before: nothing is kept twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from etalon import spec
from etalon.backends import Backend
from etalon.conformance.running import run_plan
from etalon.conformance.running.plugin import CHARACTERISTICS, recorded
from etalon.conformance.running.record_file import RecordFile
from etalon.conformance.running.request import Finished, Request, record_file
from etalon.reports.records import Characteristic, Record, Run, Verdict, parse, read
from etalon.spec.model import Op


@dataclass(frozen=True)
class Piece:
    """What the run of one op has told since its last piece."""

    lines: tuple[bytes, ...] = ()
    log: str = ""
    problem: str = ""
    """Why the run is not whole, in one sentence."""


class Mixed(ValueError):
    """Two runs of one backend were not judged by the same versions; the message is a sentence."""


class MergedRecords:
    """The records of one backend, written to one file as they come."""

    def __init__(self, request: Request, backend: Backend) -> None:
        self.backend = backend.name
        self.path = record_file(request, backend)
        self.log = request.out / "logs" / f"{self.path.stem}.txt"
        self.verdicts: list[Verdict] = []
        self.problems: list[str] = []
        self._run: Run | None = None
        self._keys: set[tuple[str, ...]] = set()
        ops = spec.select(request.op, request.edition)
        self._tests = {op.id: _tests(request, op, backend) for op in ops}
        self.cells = sum(not _measures(test) for tests in self._tests.values() for test in tests)
        self._open(request.resume)

    def _open(self, resume: bool) -> None:
        self.log.write_text("", encoding="utf-8")
        self._file = RecordFile(self.path, resume=resume)
        for record in read(self.path) if self.path.exists() and self.path.stat().st_size else ():
            self._keep(record)

    @property
    def missing(self) -> list[str]:
        """The ops of which something is asked for that is not recorded."""
        done = recorded(self.path)
        return [op for op, tests in self._tests.items() if not tests <= done]

    def take(self, op: str, piece: Piece) -> None:
        """Write what is new in a piece of an op's run.

        Raises:
            Mixed: it was judged by other versions than what is there.
        """
        new = [record for line in piece.lines for record in self._keep(parse(line))]
        if new:
            self._file.append(*new)
        if piece.log:
            self.note(f"{op}\n{piece.log}")
        if piece.problem:
            self.problems.append(f"{op}: {piece.problem}")

    def note(self, text: str) -> None:
        """Write something into the log of the backend."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{text}\n")

    def _keep(self, record: Record) -> Iterable[Record]:
        """Return the record where it is new, and remember it."""
        if isinstance(record, Run):
            return self._described(record)
        key = _key(record)
        if key in self._keys:
            return ()
        self._keys.add(key)
        if isinstance(record, Verdict):
            self.verdicts.append(record)
        return (record,)

    def _described(self, run: Run) -> Iterable[Record]:
        if self._run is None:
            self._run = msgspec.structs.replace(run, cells=self.cells)
            return (self._run,)
        here, there = ((r.backend, r.version, r.etalon) for r in (self._run, run))
        if here != there:
            versions = " and ".join("{} {} by Etalon {}".format(*each) for each in (here, there))
            raise Mixed(f"one run can't be of two versions, {versions}")
        return ()

    def finished(self, seconds: float) -> Finished:
        """Return what came of the backend."""
        self._file.close()
        first, *more = self.problems or [""]
        problem = f"{first}, and {len(more)} more like it" if more else first
        return Finished(self.backend, self.path, tuple(self.verdicts), seconds, problem)


def _tests(request: Request, op: Op, backend: Backend) -> set[str]:
    """Return the ids of the tests that a plain run has for an op: its cells and its facts."""
    own = replace(request, backends=(backend.name,), op=op.id)
    return {cell.id for cell in (*run_plan.cells(own), *run_plan.measured(own))}


def _measures(test: str) -> bool:
    return test.split(":")[2] == CHARACTERISTICS


def _key(record: Record) -> tuple[str, ...]:
    assert not isinstance(record, Run)
    if isinstance(record, Verdict):
        return record.op, record.law, record.dtype
    return (record.op, record.name) if isinstance(record, Characteristic) else (record.op,)
