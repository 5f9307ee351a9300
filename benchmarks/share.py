"""How much of the time of ``etalon verify`` is spent inside the backend's own calls.

    python benchmarks/share.py [--backend torch ...] [--op GLOB] [--profile quick] [--runs N]

For each backend, in turn, each in a process of its own:

1. All cells are judged, and each call that the judge makes of the backend is noted: forward or
   gradients, with its case and its arrays. This is not timed; it adds the truths.
2. ``etalon verify BACKEND --workers 1`` is run, from its start to its end. It finds the truths, as
   where another backend of a run came before.
3. Exactly the noted calls are replayed, and nothing else. The arrays are made into tensors
   beforehand; timed is the adapter's call, until its results are ready.

The share is the third time over the second. What is compiled is compiled anew in both.
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
        calls, known = Path(folder) / "calls.pickle", Path(folder) / "known"
        known.mkdir()
        noted = _child(Path(folder) / "noted", known, "note", str(calls), backend, op, profile)
        whole, own = [], []
        for run in range(runs):
            out, fresh = Path(folder) / f"out-{run}", Path(folder) / f"fresh-{run}"
            more, variables = ("--workers", "1", "--op", op), _cache(out, known)
            judged = verify(backend, out, *more, profile=profile, variables=variables)
            whole.append(judged.seconds)
            replayed = _child(fresh, known, "replay", str(calls), backend)
            if replayed["refused"] != noted["refused"]:
                raise SystemExit(f"{backend}: {replayed} is no replay of {noted}")
            own.append(replayed["seconds"])
    seconds, total = statistics.median(own), statistics.median(whole)
    counted = (noted["version"], noted["cells"], noted["calls"])
    return backend, *counted, f"{seconds:.1f}", f"{total:.1f}", f"{seconds / total:.0%}"


def _cache(folder: Path, known: Path) -> dict[str, str]:
    """Return the variable of a cache in which the truths are, and nothing that was compiled."""
    cache = folder / "cache"
    cache.mkdir(parents=True)
    (cache / "truths").symlink_to(known)
    return {"ETALON_CACHE": str(cache)}


def _child(folder: Path, known: Path, command: str, calls: str, backend: str, *more: str) -> Any:
    """Run one of the two commands of ``share_calls.py``; return what it says at its end.

    Like a run of ``etalon verify``, it has folders of its own, in which nothing is compiled yet.
    """
    own = {name: str(folder / place) for name, place in BACKENDS[backend].folders.items()}
    variables = {**own, **_cache(folder, known)}
    words = [sys.executable, str(CALLS), command, calls, backend, *more]
    done = subprocess.run(
        words, env=environment(backend, variables), stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    typer.run(main)
