"""A plugin of pytest that counts what Keras's tests compare: ``-p counting``.

Counted are the calls of assertions from outside another one (``assertAllClose``, which calls
``numpy.testing.assert_allclose``, is one), and the numbers that they compare: as many as the
larger of the two arrays has where NumPy compares them, otherwise one. What is counted is written
as JSON into the folder that ``KERAS_TESTS_COUNTED`` names, by test file; where there are workers,
by each of them.
"""

from __future__ import annotations

import functools
import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keras.src import testing

FOLDER = "KERAS_TESTS_COUNTED"


class Counting:
    """Counts by test file: tests that passed and others, assertions, numbers and seconds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: dict[str, Counter[str]] = {}
        self.failed: list[str] = []
        self.file = ""
        self.depth = 0

    def add(self, what: str, amount: float = 1) -> None:
        """Count something of the test that is running."""
        self.files.setdefault(self.file, Counter())[what] += amount  # type: ignore[assignment]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note whose assertions these are."""
        self.file = item.nodeid.partition("::")[0]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the test, under what came of it."""
        self.file = report.nodeid.partition("::")[0]
        self.add("seconds", report.duration)
        if report.when == "call" or report.outcome != "passed":
            self.add(report.outcome)
        if report.failed and report.nodeid not in self.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a file that can't be imported as a test that failed."""
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_assertion_pass(self) -> None:
        """Count an ``assert`` that held."""
        self.add("assertions")
        self.add("numbers")

    def pytest_sessionfinish(self) -> None:
        """Write what was counted."""
        found = {"files": self.files, "failed": self.failed}
        place = Path(os.environ[FOLDER]) / f"{self.name}.json"
        place.write_text(json.dumps(found), encoding="utf-8")

    def outer(self, assertion: Callable[..., Any]) -> Callable[..., Any]:
        """Return an assertion that counts itself, unless another one calls it."""

        @functools.wraps(assertion)
        def counted(*args: Any, **kwargs: Any) -> Any:
            if self.depth:
                return assertion(*args, **kwargs)
            self.add("assertions")
            before = self.files[self.file]["numbers"]
            self.depth += 1
            try:
                return assertion(*args, **kwargs)
            finally:
                self.depth -= 1
                if self.files[self.file]["numbers"] == before:
                    self.add("numbers")

        return counted

    def of_arrays(self, assertion: Callable[..., Any]) -> Callable[..., Any]:
        """Return a comparison of two arrays that counts their numbers."""

        @functools.wraps(assertion)
        def counted(first: Any, second: Any, *args: Any, **kwargs: Any) -> Any:
            self.add("numbers", max(np.size(first), np.size(second)))
            return assertion(first, second, *args, **kwargs)

        return counted


def pytest_configure(config: pytest.Config) -> None:
    """Put the counting assertions in the place of NumPy's and Keras's own."""
    worker = getattr(config, "workerinput", None)
    if worker is None and config.getoption("numprocesses"):
        return
    counting = Counting(worker["workerid"] if worker else "whole")
    config.pluginmanager.register(counting, "counting-assertions")
    for name in (name for name in dir(np.testing) if name.startswith("assert_a")):
        assertion = getattr(np.testing, name)
        setattr(np.testing, name, counting.outer(counting.of_arrays(assertion)))
    for owner in testing.TestCase.__mro__:
        for name, found in list(vars(owner).items()):
            if name.startswith("assert") and callable(found):
                setattr(owner, name, counting.outer(found))
