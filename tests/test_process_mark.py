"""A test that starts a process is marked as one; what is not marked can't start any."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest

NOTHING = [sys.executable, "-S", "-c", ""]
"""A program that does nothing."""
STARTING: Mapping[str, Callable[[], object]] = {
    "subprocess": lambda: subprocess.run(NOTHING, check=True),
    "a shell": lambda: os.system("true"),
    "spawned": lambda: os.posix_spawn(NOTHING[0], NOTHING, os.environ),
    "forked": lambda: multiprocessing.get_context("fork").Process(target=len, args=("",)).start(),
    "multiprocessing": lambda: multiprocessing.get_context("spawn").Process(target=len).start(),
}


def refused(start: Callable[[], object]) -> bool:
    try:
        start()
    except pytest.fail.Exception as failure:
        return "starts a process, and is not marked" in str(failure)
    return False


@pytest.fixture(scope="module")
def refused_to_a_fixture() -> bool:
    return refused(STARTING["subprocess"])


@pytest.mark.parametrize("way", STARTING)
def test_without_the_mark_no_process_starts(way: str) -> None:
    assert refused(STARTING[way])


def test_without_the_mark_no_fixture_starts_one(refused_to_a_fixture: bool) -> None:
    assert refused_to_a_fixture


@pytest.mark.process
def test_with_the_mark_it_starts() -> None:
    assert not refused(STARTING["subprocess"])
