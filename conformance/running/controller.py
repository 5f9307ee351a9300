"""In the controller: workers that die are replaced, and only what they died of pays for it.

A test in which a worker died is run again in another, so that no accident is taken for a fault of
the backend. It is one where it happens again, and is then recorded with its cause.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol

import psutil
import pytest

from etalon.conformance.running import request
from etalon.conformance.running.plugin import DONE

GIB = 2**30
POLL = 0.1
"""Seconds between two looks at the memory of the workers."""
TRIES = 2
"""How often a test is begun, at most, that ends its process."""
TRIES_WHEN_KILLED = 5
"""How often, where the process may have ended for another's sake: it was killed, or worn out."""
LEFT = 75
"""The exit status of a worker that leaves to be replaced: EX_TEMPFAIL."""
SPOILT = 76
"""That of one whose process a case has spoilt, which is noted or past: it happens once a case."""


class Scheduler(Protocol):
    """What pytest-xdist hands out tests with."""

    def mark_test_pending(self, item: str) -> None:
        """Hand a test out again."""


@dataclass(frozen=True)
class Limits:
    """How far a worker may grow: bytes at which it is ended, and at which it is replaced."""

    memory: float
    worn: float
    files: int

    @classmethod
    def of(cls, config: pytest.Config) -> Limits:
        """Return the limits of a run: a share of the machine for each worker, or as was said."""
        given = config.getoption("etalon_memory")
        workers = getattr(config, "workerinput", {}).get("workercount") or config.getoption(
            "numprocesses", 0
        )
        share = psutil.virtual_memory().total / (1 + (workers or 1))
        memory = given * GIB if given else share
        return cls(memory=memory, worn=memory / 2, files=_files() // 2)


def timeout(config: pytest.Config) -> float:
    """Return for how many seconds a test may go on, 0 where there is no limit."""
    given = config.getoption("timeout", None)
    return float(config.getini("timeout") or 0 if given is None else given)


def grace(timeout: float) -> float:
    """Return for how many seconds after its time a test may go on until its process is ended."""
    return 1 + timeout / 10


def _files() -> int:
    """Return how many files a process may have open."""
    try:
        import resource
    except ImportError:  # on Windows, where there is no such limit
        return 2**31
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if most != resource.RLIM_INFINITY else 2**31


@dataclass(frozen=True)
class Ending:
    """How a process ended: by a signal, or with an exit status."""

    signal: int = 0
    status: int = 0

    @classmethod
    def of(cls, pid: int) -> Ending | None:
        """Return how a child ended, without taking note of it; ``None`` where that is unknown."""
        try:
            found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        except (AttributeError, OSError):  # on Windows, or of a process that was waited for
            return None
        if found is None:
            return None
        exited = found.si_code == os.CLD_EXITED
        return cls(status=found.si_status) if exited else cls(signal=found.si_status)

    @property
    def from_outside(self) -> bool:
        """Whether it may have ended through no fault of the test that was running."""
        return self.status == LEFT or self.signal in (signal.SIGKILL, signal.SIGTERM)

    def __str__(self) -> str:
        if self.signal:
            return f"the process was ended by {signal.Signals(self.signal).name}"
        return f"the process ended with status {self.status}"


class Controller:
    """Watches over the workers of one run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.limits = Limits.of(config)
        self.timeout = timeout(config)
        self.candidate = request.of(config).candidate
        self.pids: dict[Any, int] = {}
        self.begun: dict[str, float] = {}
        self.deaths: Counter[str] = Counter()
        self.too_large: set[int] = set()
        self.last: tuple[int, Ending | None] = (0, None)
        threading.Thread(target=self._watch, daemon=True).start()

    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker what need not be run."""
        recorder = self.config.pluginmanager.getplugin("etalon-recorder")
        node.workerinput[DONE] = recorder.skipped

    def pytest_testnodeready(self, node: Any) -> None:
        """Remember the process of a worker."""
        self.pids[node] = node.gateway._rinfo().pid

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Remember when a test began."""
        self.begun[nodeid] = time.monotonic()

    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Find out how a worker ended."""
        pid = self.pids.pop(node, 0)
        self.last = (pid, Ending.of(pid) if error and pid else None)

    def pytest_handlecrashitem(
        self, crashitem: str, report: pytest.TestReport, sched: Scheduler
    ) -> None:
        """Have a test run again whose worker died; say of what, where this has happened before."""
        pid, ending = self.last
        if ending is not None and ending.status == SPOILT:
            self._again(crashitem, report, sched)
            return
        self.deaths[crashitem] += 1
        cause = self._own_cause(pid, crashitem)
        outside = ending is not None and ending.from_outside
        report.longrepr = cause or str(ending or "the process ended")
        if not cause and self.deaths[crashitem] < (TRIES_WHEN_KILLED if outside else TRIES):
            self._again(crashitem, report, sched)

    def _again(self, test: str, report: pytest.TestReport, sched: Scheduler) -> None:
        self.begun.pop(test, None)  # the next may die before it is heard to begin
        report.outcome = "rerun"  # type: ignore[assignment]
        sched.mark_test_pending(test)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """End the run of a candidate that ends its process: it would do so in each cell."""
        if self.candidate and report.failed and report.when not in ("setup", "call", "teardown"):
            pytest.exit(f"{self.candidate.label} is not called again", returncode=1)

    def _own_cause(self, pid: int, test: str) -> str:
        """Return why the run itself ended a worker."""
        if pid in self.too_large:
            return f"the process took more than {self.limits.memory / GIB:.3g} GiB of memory"
        allowed = self.timeout + grace(self.timeout)
        if self.timeout and time.monotonic() - self.begun.get(test, time.monotonic()) >= allowed:
            return f"hung: it could not be interrupted after {self.timeout:g} s"
        return ""

    def _watch(self) -> None:
        """End workers that take too much memory, and the run itself when its caller is gone."""
        caller = self.config.getoption("etalon_caller")
        while caller in (None, os.getppid()):
            for pid in list(self.pids.values()):
                if used(pid) > self.limits.memory:
                    self.too_large.add(pid)
                    os.kill(pid, signal.SIGKILL)
            time.sleep(POLL)
        os._exit(1)


def used(pid: int) -> int:
    """Return how many bytes of memory a process holds: none where it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
