"""What the benchmarks have in common: runs of ``etalon verify``, and tables in Markdown."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from etalon import spec
from etalon.backends import BACKENDS
from etalon.reports.records import Verdict, read

HERE = Path(__file__).parent
COMMAND = (sys.executable, "-m", "etalon.conformance.commands.main")
"""The command ``etalon``, of the package that this process imports."""


@dataclass(frozen=True)
class Judged:
    """What came of one run of ``etalon verify``."""

    seconds: float
    status: int
    said: str
    verdicts: tuple[Verdict, ...]


def environment(backend: str = "", more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a child that imports what this process imports.

    With a backend, what Etalon sets for it is set, so that both sides of a comparison compute
    under the same settings.
    """
    own = BACKENDS[backend].environment if backend else {}
    return {**os.environ, **own, **(more or {})}


def first(*folders: Path) -> dict[str, str]:
    """Return the variable that puts folders in front of what Python imports from."""
    before = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join([*map(str, folders), *([before] if before else [])])}


def choosing(globs: Sequence[str]) -> list[str]:
    """Return the arguments that choose the ops of these globs: of several, by their tests' ids."""
    if len(globs) == 1:
        return ["--op", globs[0]]
    wanted = " or ".join(f"{op}:" for op in ids(globs))
    return ["--op", "*", "--pytest=-k", f"--pytest={wanted}"]


def ids(globs: Iterable[str]) -> list[str]:
    """Return the ids of the ops that any of these globs matches."""
    return list(dict.fromkeys(op.id for glob in globs for op in spec.select(glob)))


def arguments(backend: str, out: Path, *more: str, profile: str = "quick") -> list[str]:
    """Return the command line that judges a backend."""
    return [*COMMAND, "verify", backend, "--profile", profile, "--out", str(out), *more]


def verify(
    backend: str,
    out: Path,
    *more: str,
    profile: str = "quick",
    variables: Mapping[str, str] | None = None,
) -> Judged:
    """Judge a backend in a process of its own, from its start to its end."""
    start = time.perf_counter()
    done = subprocess.run(
        arguments(backend, out, *more, profile=profile),
        env=environment(more=variables),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    return Judged(seconds, done.returncode, done.stdout + done.stderr, verdicts(backend, out))


def verdicts(backend: str, out: Path) -> tuple[Verdict, ...]:
    """Return the verdicts of a run that wrote into a folder; none where it wrote nothing."""
    path = out / "records" / f"{backend}.jsonl"
    found = read(path) if path.exists() else ()
    return tuple(record for record in found if isinstance(record, Verdict))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown, whose columns are to the right but for the first."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def machine() -> str:
    """Return in one line what the numbers were measured on, and how busy it was."""
    cores = os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    words = f"{_processor()}, {cores} cores, {platform.system()}, Python "
    return words + platform.python_version() + load


def _processor() -> str:
    """Return the name of the processor, where the system tells it."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text("utf-8").splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
