"""The command line, called in the process of a test."""

from __future__ import annotations

import sys

import pytest

from etalon.conformance.commands import main


class Ended:
    """How a command ended."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


class Run:
    """Calls the command line in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: object) -> Ended:
        self._monkeypatch.setattr(sys, "argv", ["etalon", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main.main()
        captured = self._capsys.readouterr()
        return Ended(int(str(ended.value.code)), captured.out, captured.err)
