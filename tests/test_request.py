"""What a command was asked for, on its way into the run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from etalon.conformance import running
from etalon.conformance.candidates.order import Order
from etalon.conformance.running.request import Request, parse

LAWS = {"laws": ["values"]}


def test_a_request_is_the_same_behind_its_text() -> None:
    said: dict[str, Any] = {
        "backends": ("torch",),
        "out": Path("/there"),
        "extra": ("-x", "--etalon-memory=1"),
        "candidate": Order(made="mine:f", op="activations/elu", backend="torch", options=LAWS),
        "workers": 3,
        "seed": 7,
        "resume": True,
        "ray_install": True,
    }
    words: dict[str, Any] = {
        f.name: f"some {f.name}" for f in fields(Request) if f.name not in said
    }
    request = Request(**said, **words)
    assert all(getattr(request, f.name) != f.default for f in fields(Request))
    assert parse(request.text) == request


def by_hand(*words: str) -> subprocess.CompletedProcess[str]:
    suite = ("--pyargs", "etalon.conformance.running.suite", "-q", "-p", "no:cacheprovider")
    ini = ("-c", str(Path(running.__file__).parent / "pytest.ini"))
    command = [sys.executable, "-m", "pytest", *suite, *ini, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.process
def test_the_suite_is_run_by_hand() -> None:
    words = (
        "--etalon-backend",
        "numpy",
        "--etalon-op",
        "activations/elu",
        "--etalon-profile",
        "smoke",
    )
    done = by_hand(*words, "-k", ":values:float32")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


@pytest.mark.process
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "say which backend to judge: --etalon-backend torch"),
        (("--etalon-backend", "numpi"), "no backend is called 'numpi'"),
        (("--etalon-backend", "numpy", "--etalon-mode", "m"), "no mode is called 'm'"),
        (("--etalon-backend", "numpy", "--etalon-op", "what"), "what"),
    ],
)
def test_a_wrong_word_by_hand(words: tuple[str, ...], says: str) -> None:
    done = by_hand(*words)
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert says in done.stdout
