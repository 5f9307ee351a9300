"""What tests of several files are given."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Generator, Sequence
from multiprocessing import util
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import WorkStealingScheduling  # type: ignore[import-untyped]

from command import Run

os.environ.setdefault("KERAS_BACKEND", "torch")  # the first import of Keras chooses, for all tests
platform.processor()  # asks uname, once for each process: a framework that is imported asks, too


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have all runs of the tests keep nothing where the user's are kept."""
    os.environ["ETALON_CACHE"] = str(tmp_path_factory.mktemp("cache"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what starts processes: the rest is small, and evens out who has more to do."""
    items.sort(key=lambda item: item.get_closest_marker("process") is None)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WorkStealingScheduling | None:
    """Have a worker that is done take over what another has left, where nothing else is said."""
    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}
"""The events by which Python says that a process is about to be started."""


class Guard:
    """Fails a test that starts a process and has no mark ``process``, before the process starts."""

    def __init__(self) -> None:
        self.test = ""

    def __call__(self, event: str, given: tuple[object, ...]) -> None:
        if self.test and event in STARTS:
            pytest.fail(f"{self.test} starts a process, and is not marked as one that does")


GUARD = Guard()
sys.addaudithook(GUARD)  # for as long as this process lives: nothing takes one away
SPAWN = util.spawnv_passfds


def spawn(path: str, args: Sequence[str], passed: Sequence[int]) -> int:
    """Start a process as multiprocessing does, which says so to nobody."""
    sys.audit("os.spawn", path, args, passed)
    return SPAWN(path, args, passed)  # type: ignore[arg-type]


util.spawnv_passfds = spawn  # type: ignore[assignment]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Watch a test and all its fixtures."""
    GUARD.test = "" if item.get_closest_marker("process") else item.name
    try:
        return (yield)
    finally:
        GUARD.test = ""


@pytest.fixture
def etalon(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """Return the command line, called in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return Run(monkeypatch, capsys)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where this test keeps truths, whose code was not changed since the process began."""
    from etalon.conformance.truths.fingerprint import Sources

    monkeypatch.setenv("ETALON_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(Sources, "older", lambda self, start: True)
    return tmp_path / "cache"


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the cases whose truth was computed, as they are."""
    from etalon.conformance.truths import values

    honest, found = values.truth, list[Any]()

    def noted(case: Any, *given: Any) -> Any:
        found.append(case)
        return honest(case, *given)

    monkeypatch.setattr(values, "truth", noted)
    return found
