"""How long the commands take from their start to their end, where there is little to judge.

``python benchmarks/start.py [RUNS]`` prints medians of so many runs, by default 5, after one that
is not counted, and how many times as long as an import of PyTorch each takes. The commands are run
in turns, so that what else a machine does falls on all of them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from measuring import COMMAND, environment, first, machine, table

IMPORT = "import torch"
OP = ("--op", "activations/elu", "--profile", "quick")
WORDS: Mapping[str, Sequence[str]] = {
    IMPORT: (sys.executable, "-c", IMPORT),
    "verify torch": (*COMMAND, "verify", "torch", *OP),
    "check": (*COMMAND, "check", "own:elu", "--backend", "torch", *OP),
    "list": (*COMMAND, "list"),
    "show layers/dense": (*COMMAND, "show", "layers/dense"),
    "doctor --help": (*COMMAND, "doctor", "--help"),
}
OWN = """import torch

def elu(x, *, alpha):
    return torch.where(x > 0, x, alpha * torch.expm1(torch.minimum(x, torch.zeros_like(x))))
"""


def measured(runs: int, folder: Path) -> dict[str, list[float]]:
    """Return the seconds that each took, by its name."""
    (folder / "own.py").write_text(OWN, encoding="utf-8")
    seconds: dict[str, list[float]] = {name: [] for name in WORDS}
    for turn in range(runs + 1):
        for name, words in WORDS.items():
            took = _timed(words, folder)
            if turn:
                seconds[name].append(took)
    return seconds


def _timed(words: Sequence[str], folder: Path) -> float:
    own = environment("torch", first(folder))
    start = time.perf_counter()
    done = subprocess.run(words, cwd=folder, env=own, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    return seconds


def main(runs: int = 5) -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = measured(runs, Path(folder))
    whole = median(seconds[IMPORT])
    rows = [
        (name, f"{median(took):.2f}", f"{min(took):.2f}", f"{median(took) / whole:.2f}")
        for name, took in seconds.items()
    ]
    print(f"{machine()}; {runs} runs\n")
    print(table(("command", "s, median", "s, least", f"times `{IMPORT}`"), rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
