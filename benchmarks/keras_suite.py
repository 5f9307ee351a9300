"""Runs Keras's own tests, which its wheel has in it, on one of its backends."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring import HERE, environment, first

TOOLS = HERE / "keras_tests"


@dataclass(frozen=True)
class Ran:
    """What came of a run: its seconds, pytest's status, and the tests that did not pass."""

    seconds: float
    status: int
    said: str
    failed: tuple[str, ...]
    files: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """What was counted, by test file below ``keras/src``."""


def installed() -> Path:
    """Return the folder in which the package ``keras`` lies, without importing it."""
    found = importlib.util.find_spec("keras")
    if found is None or found.origin is None:
        raise SystemExit("keras is not installed")
    return Path(found.origin).parent.parent


def run(
    framework: str,
    tests: Iterable[str],
    *,
    site: Path | None = None,
    without: Sequence[str] = (),
    more: Sequence[str] = (),
) -> Ran:
    """Run test files of the Keras in ``site``, but for the tests called ``without``."""
    front, site = ([site] if site else []), site or installed()
    with tempfile.TemporaryDirectory() as folder:
        variables = {"KERAS_TESTS_COUNTED": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        start = time.perf_counter()
        done = subprocess.run(
            _command(site, tests, without, more),
            cwd=folder,
            env=environment(f"keras-{framework}", {**variables, **first(*front, TOOLS)}),
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - start
        found = [json.loads(p.read_text("utf-8")) for p in sorted(Path(folder).glob("*.json"))]
    return _ran(seconds, done, found)


def _command(
    site: Path, tests: Iterable[str], without: Sequence[str], more: Sequence[str]
) -> list[str]:
    return [
        *(sys.executable, "-m", "pytest", "-c", str(TOOLS / "pytest.ini")),
        *("--rootdir", str(site), "-p", "no:cacheprovider", "-p", "conftest", "-p", "counting"),
        *("-q", "--no-header", "--tb=line", *(f"--deselect={name}" for name in without), *more),
        *(str(site / "keras" / "src" / test) for test in tests),
    ]


def _ran(
    seconds: float, done: subprocess.CompletedProcess[str], found: Sequence[dict[str, Any]]
) -> Ran:
    """Put together what each worker counted; one process is one, too."""
    files: dict[str, Counter[str]] = {}
    for name, counts in (pair for part in found for pair in part["files"].items()):
        files.setdefault(name.partition("src/")[2], Counter()).update(counts)
    failed = tuple(name for part in found for name in part["failed"])
    return Ran(seconds, done.returncode, done.stdout + done.stderr, failed, files)
