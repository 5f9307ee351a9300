"""What tests of several files are given."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from command import Run

os.environ.setdefault("KERAS_BACKEND", "torch")  # the first import of Keras chooses, for all tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker waits for it in the end."""
    items.sort(key=lambda item: not item.path.name.startswith(("test_ray", "test_unbreakable")))


@pytest.fixture
def etalon(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """Return the command line, called in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return Run(monkeypatch, capsys)
