"""Write the record file of a run: its description, then verdicts and facts as they fall."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

import etalon
from etalon.backends import BACKENDS
from etalon.conformance.candidates.order import read
from etalon.conformance.running.plugin import CHARACTERISTICS, VERDICT, property_of, recorded
from etalon.reports.records import (
    SCHEMA_VERSION,
    Characteristic,
    Phrase,
    Record,
    Run,
    Verdict,
    encode,
)


class Recorder:
    """Writes the records of one pytest run; a test without a verdict becomes a crashed one."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.getoption
        self.config = config
        self.path = Path(option("etalon_records"))
        self.framework: str = option("etalon_backend")
        order = option("etalon_candidate")
        self.backend = read(order).label if order else self.framework
        self.resumed = recorded(self.path) if option("etalon_resume") else set()
        self._begun = bool(self.resumed)
        self._version = ""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Write the description of the run, unless an earlier one goes on."""
        if session.items or self._begun:
            self._begin([item.nodeid for item in session.items])

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Write the description of a run that workers collect."""
        self._begin(ids)

    def _begin(self, ids: list[str]) -> None:
        if self._begun:
            return
        self._begun = True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        tests = [name for name in ids if f"[{self.backend}:" in name]
        cells = sum(f":{CHARACTERISTICS}:" not in name for name in tests)
        self.path.write_bytes(encode(self._run(cells)))

    def _run(self, cells: int) -> Run:
        option = self.config.getoption
        self._version = BACKENDS[self.framework].load().version()
        return Run(
            schema=SCHEMA_VERSION,
            etalon=etalon.__version__,
            python=platform.python_version(),
            platform=f"{platform.system()} {platform.machine()}",
            backend=self.backend,
            version=self._version,
            device=option("etalon_device"),
            mode=option("etalon_mode"),
            profile=option("etalon_profile"),
            seed=option("etalon_seed"),
            edition=option("etalon_edition"),
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            cells=cells,
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Append what came of a test that has ended: a verdict, or characteristics."""
        verdict, facts = property_of(report, VERDICT), property_of(report, CHARACTERISTICS)
        if report.when == "call" and verdict is not None:
            self._append(msgspec.json.decode(verdict, type=Verdict))
        elif report.when == "call" and facts is not None:
            self._append(*msgspec.json.decode(facts, type=tuple[Phrase | Characteristic, ...]))
        elif report.failed and verdict is None and facts is None:
            self._append(self._crashed(report))

    def _append(self, *records: Record) -> None:
        with self.path.open("ab") as file:
            file.write(b"".join(encode(record) for record in records))

    def _crashed(self, report: pytest.TestReport) -> Verdict:
        cell = report.nodeid.partition("[")[2].partition("]")[0]
        backend, op, law, dtype = cell.split(":")
        lines = str(report.longrepr).strip().splitlines() or ["no reason was given"]
        return Verdict(
            op=op,
            law=law,
            backend=backend,
            version=self._version,
            device=self.config.getoption("etalon_device"),
            mode=self.config.getoption("etalon_mode"),
            dtype=dtype,
            verdict="crashed",
            reason=_ended(lines[-1]),
            seconds=round(report.duration, 3),
        )


def _ended(said: str) -> str:
    """Return what ended a test; of a worker that is gone, pytest-xdist knows only the test."""
    return "the process ended" if "crashed while running" in said else said
