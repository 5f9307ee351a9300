"""Write the record file of a run: its description, then verdicts and facts as they fall."""

from __future__ import annotations

import platform
from datetime import UTC, datetime

import msgspec
import pytest

import etalon
from etalon.backends import BACKENDS
from etalon.conformance.running import request
from etalon.conformance.running.plugin import CHARACTERISTICS, VERDICT, property_of, recorded
from etalon.conformance.running.probe import probe
from etalon.conformance.running.record_file import InUse, RecordFile
from etalon.reports.records import (
    SCHEMA_VERSION,
    AdapterCode,
    Characteristic,
    Record,
    Run,
    Verdict,
)


class Recorder:
    """Writes the records of one pytest run; a test without a verdict becomes a crashed one."""

    def __init__(self, config: pytest.Config) -> None:
        self.request = request.of(config)
        self.framework = BACKENDS[self.request.backends[0]]
        candidate = self.request.candidate
        self.backend = candidate.label if candidate else self.framework.name
        path = request.record_file(self.request, self.framework)
        try:
            self._file = RecordFile(path, resume=self.request.resume)
        except InUse as error:
            raise pytest.UsageError(str(error)) from error
        self.done = recorded(path)
        self.skipped = sorted(self.done)
        self._cells = 0
        self._version = ""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count the cells of a run that is its own worker."""
        if session.items:
            self._count([item.nodeid for item in session.items])

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Count the cells of a run that workers collect."""
        self._count(ids)

    def _count(self, ids: list[str]) -> None:
        tests = [name for name in ids if f"[{self.backend}:" in name]
        self._cells = sum(f":{CHARACTERISTICS}:" not in name for name in tests)

    @property
    def version(self) -> str:
        """The backend's version: as a verdict has it, or where there is none, a fresh process."""
        self._version = self._version or probe(self.framework).version
        return self._version

    def _run(self) -> Run:
        return Run(
            schema=SCHEMA_VERSION,
            etalon=etalon.__version__,
            python=platform.python_version(),
            platform=f"{platform.system()} {platform.machine()}",
            backend=self.backend,
            version=self.version,
            device=self.request.device,
            mode=self.request.mode_of(self.framework),
            profile=self.request.profile,
            seed=self.request.seed,
            edition=self.request.edition,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            cells=self._cells,
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Append what came of a test that has ended: a verdict, or characteristics."""
        test = cell_of(report.nodeid)
        records = () if test in self.done else self._records(report)
        if records:
            self.done.add(test)
            self._append(*records)

    def _records(self, report: pytest.TestReport) -> tuple[Record, ...]:
        verdict, facts = property_of(report, VERDICT), property_of(report, CHARACTERISTICS)
        if report.when == "call" and verdict is not None:
            found = msgspec.json.decode(verdict, type=Verdict)
            self._version = found.version
            return (found,)
        if report.when == "call" and facts is not None:
            return msgspec.json.decode(facts, type=tuple[AdapterCode | Characteristic, ...])
        if report.failed and verdict is None and facts is None:
            return (self._crashed(report),)
        return ()

    def _append(self, *records: Record) -> None:
        """Write records; before the first of a file, the description of the run."""
        first = (self._run(),) if self._file.empty else ()
        try:
            self._file.append(*first, *records)
        except OSError as error:
            pytest.exit(f"can't write into {self._file.path}: {error.strerror}", returncode=1)

    def _crashed(self, report: pytest.TestReport) -> Verdict:
        _, op, law, dtype = cell_of(report.nodeid).split(":")
        lines = str(report.longrepr).strip().splitlines() or ["no reason was given"]
        return Verdict(
            op=op,
            law=law,
            backend=self.backend,
            version=self.version,
            device=self.request.device,
            mode=self.request.mode_of(self.framework),
            dtype=dtype,
            verdict="crashed",
            reason=lines[-1].removeprefix("E  ").strip(),
            seconds=round(report.duration, 3),
        )


def cell_of(nodeid: str) -> str:
    """Return the id of the cell that a test is about: ``torch:layers/dense:values:float32``."""
    return nodeid.partition("[")[2].partition("]")[0]
