"""How much of the time of ``etalon verify`` is spent inside the backend's own calls.

    python benchmarks/share.py [--backend torch ...] [--op GLOB] [--profile quick] [--runs N]

For each backend, in turn, each in a process of its own:

1. ``etalon verify BACKEND --workers 1`` is run, from its start to its end.
2. The same cells are judged once more, and each call that the judge makes of the backend is noted:
   forward or gradients, with its case and its arrays.
3. Exactly these calls are replayed, and nothing else. The arrays are made into tensors beforehand;
   timed is the adapter's call, until its results are ready.

The share is the third time over the first. What is compiled is compiled anew in both. The truths
are known, as they are where another backend of the run came before: a run that is not timed adds
them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from measuring import HERE, environment, machine, table, verify

from etalon.backends import BACKENDS

DEFAULT = ("torch", "tensorflow", "jax")
CALLS = HERE / "share_calls.py"


def main(
    backend: Annotated[list[str] | None, typer.Option(help="which; several may be named")] = None,
    op: Annotated[str, typer.Option(help="the ops whose id matches")] = "*",
    profile: Annotated[str, typer.Option(help="the profile")] = "quick",
    runs: Annotated[int, typer.Option(min=1, help="of the two that are timed; the median")] = 1,
) -> None:
    """Print the share for each backend."""
    print(f"{machine()}; --op '{op}' --profile {profile} --workers 1, median of {runs}\n")
    heads = ("backend", "version", "cells", "calls", "own calls, s", "verify, s", "share")
    rows = [_row(name, op, profile, runs) for name in backend or DEFAULT]
    print(table(heads, rows))


def _row(backend: str, op: str, profile: str, runs: int) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as folder:
        calls = Path(folder) / "calls.pickle"
        noted = _child(backend, Path(folder), "note", str(calls), backend, op, profile)
        known, whole, own = Path(folder) / "known", [], []
        _whole(backend, Path(folder) / "first", op, profile, known)
        for run in range(runs):
            out = Path(folder) / f"out-{run}"
            whole.append(_whole(backend, out, op, profile, known))
            fresh = Path(folder) / f"fresh-{run}"
            replayed = _child(backend, fresh, "replay", str(calls), backend)
            if replayed["refused"] != noted["refused"]:
                raise SystemExit(f"{backend}: {replayed} is no replay of {noted}")
            own.append(replayed["seconds"])
    seconds, total = statistics.median(own), statistics.median(whole)
    counted = (noted["version"], noted["cells"], noted["calls"])
    return backend, *counted, f"{seconds:.1f}", f"{total:.1f}", f"{seconds / total:.0%}"


def _whole(backend: str, out: Path, op: str, profile: str, known: Path) -> float:
    """Return how long a run takes that finds the truths, and nothing that was compiled."""
    cache = out / "cache"
    cache.mkdir(parents=True)
    known.mkdir(exist_ok=True)
    (cache / "truths").symlink_to(known)
    more = ("--workers", "1", "--op", op)
    variables = {"ETALON_CACHE": str(cache)}
    return verify(backend, out, *more, profile=profile, variables=variables).seconds


def _child(backend: str, folder: Path, *arguments: str) -> dict[str, Any]:
    """Run one of the two commands of ``share_calls.py``; return what it says at its end.

    Like a run of ``etalon verify``, it has folders of its own, in which nothing is compiled yet.
    """
    folder.mkdir(exist_ok=True)
    own = {name: str(folder / place) for name, place in BACKENDS[backend].folders.items()}
    command = [sys.executable, str(CALLS), *arguments]
    done = subprocess.run(
        command, env=environment(backend, own), stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    typer.run(main)
