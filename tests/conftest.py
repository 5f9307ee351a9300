"""What tests of several files are given."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from command import Run

os.environ.setdefault("KERAS_BACKEND", "torch")  # the first import of Keras chooses, for all tests


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have all runs of the tests keep nothing where the user's are kept."""
    os.environ["ETALON_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def etalon(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """Return the command line, called in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return Run(monkeypatch, capsys)
