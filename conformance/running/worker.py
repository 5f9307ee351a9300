"""In a worker: what one cell does to its process is no matter of the next.

A worker leaves, to be replaced, when it has grown; it ends itself when the run that it works for
is gone, or when a cell hangs where no exception reaches it.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Generator

import psutil
import pytest

from etalon.conformance.running.controller import LEFT, Limits, grace, timeout
from etalon.conformance.subjects.side_effects import Surroundings

LONGEST = 4_000
"""How many characters of what a test prints are kept, from the end."""
POLL = 0.5
"""Seconds between two looks at whether the run is still there."""


class Worker:
    """Guards the tests of one worker against one another."""

    def __init__(self, config: pytest.Config) -> None:
        self.limits = Limits.of(config)
        self.process = psutil.Process()
        self.errors = os.dup(2)
        self.tests = 0
        self.timeout = timeout(config)
        threading.Thread(target=self._leave_with, args=[os.getppid()], daemon=True).start()

    def _leave_with(self, parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(POLL)
        os._exit(LEFT)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Leave where there is too little room for another test; end one that hangs."""
        if self.tests and self._worn():
            os._exit(LEFT)
        self.tests += 1
        if self.timeout:
            seconds = self.timeout + grace(self.timeout)
            faulthandler.dump_traceback_later(seconds, exit=True, file=self.errors)
        try:
            return (yield)
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _worn(self) -> bool:
        used = self.process.memory_info().rss
        full = used > self.limits.worn or self.process.num_fds() > self.limits.files
        return full or Surroundings.spoilt

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self,
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the end of what a test printed."""
        report = yield
        report.sections = [(name, text[-LONGEST:]) for name, text in report.sections]
        return report
