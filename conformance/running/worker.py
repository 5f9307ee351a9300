"""In a worker: what one cell does to its process is no matter of the next.

A worker leaves, to be replaced, when it has grown, or when its process answers no call any more.
It ends itself when the run that it works for is gone, or when a cell hangs where no exception
reaches it.
"""

from __future__ import annotations

import atexit
import faulthandler
import os
import sys
import time
from collections.abc import Generator
from contextlib import suppress

import psutil
import pytest

from etalon.backends import BACKENDS
from etalon.conformance.judging.control import spoilt
from etalon.conformance.running import request
from etalon.conformance.running.controller import LEFT, SPOILT, Limits, grace, timeout
from etalon.conformance.running.record_file import trying
from etalon.conformance.running.request import Request
from etalon.conformance.running.retrial import Retrials, end_with
from etalon.conformance.subjects.side_effects import Surroundings

POLL = 0.02
"""Seconds between two looks at whether a candidate is still being tried."""
LONGEST = 4_000
"""How many characters of what a test prints are kept, from the end."""


class Worker:
    """Guards the tests of one worker against one another."""

    def __init__(self, config: pytest.Config) -> None:
        self.limits = Limits.of(config)
        self.process = psutil.Process()
        self.errors = os.dup(2)
        self.tests = 0
        self.timeout = timeout(config)
        self.retrials = Retrials(request.of(config))
        end_with(os.getppid())
        wait(request.of(config))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Leave where there is too little room for another test; end one that hangs."""
        if spoilt():
            os._exit(SPOILT)
        if self.tests and self._worn():
            os._exit(LEFT)
        self.tests += 1
        self.retrials.look()
        if self.timeout:
            seconds = self.timeout + grace(self.timeout)
            faulthandler.dump_traceback_later(seconds, exit=True, file=self.errors)
        try:
            return (yield)
        finally:
            faulthandler.cancel_dump_traceback_later()

    def pytest_unconfigure(self) -> None:
        """Have the process end at once where its work is done, and all of it is reported."""
        atexit.register(leave)

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


def wait(asked: Request) -> None:
    """Wait while somebody's own implementation is tried: it may be that it can't be judged."""
    backend = BACKENDS[asked.backends[0]]
    while asked.candidate and trying(request.record_file(asked, backend)).exists():
        time.sleep(POLL)


def leave() -> None:
    """End this process as Python does, but for taking down what the framework has built.

    For PyTorch that takes a third of the time of its import.
    """
    atexit.unregister(leave)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # a judged call may have closed it, or put another in its place
            stream.flush()
    os._exit(0)
