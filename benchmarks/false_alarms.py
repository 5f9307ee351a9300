"""Do right backends stay within their bounds? Each op that sums, at the sizes people use.

    python benchmarks/false_alarms.py [--backend NAME ...] [--seeds N] [--op GLOB] [--dtype NAME]

Values and gradients of normal data, drawn anew for each seed, at hundreds to thousands of terms
(``false_alarm_scope.py``), by the likely bound, and values also by what noise leaves of all
numbers together; of the first seed, and wherever one of them is exceeded, by the guaranteed bound,
which is at least as wide. Each backend is a process of its own.
``sequential`` is the reference in the dtype itself, every sum added up one by one. A case beyond
its bound is an alarm, and the command ends with 1, unless a divergence documents it.

Where a bound is infinite nothing is claimed, and where it is 0 the number has to be equal: neither
is counted among the numbers. How often the guaranteed one is infinite in the first seed is told.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from measuring import HERE, environment, machine, table

from etalon.spec.words import GRADIENTS, VALUES

SEQUENTIAL = "sequential"
DEFAULT = (SEQUENTIAL, "torch", "tensorflow", "jax")
CALLS = HERE / "false_alarm_calls.py"
Found = dict[str, Any]


def main(
    backend: Annotated[list[str] | None, typer.Option(help="which; several may be named")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="how often data are drawn")] = 20,
    op: Annotated[str, typer.Option(help="the ops whose id matches")] = "*",
    dtype: Annotated[str, typer.Option(help="in which they compute")] = "float32",
) -> None:
    """Print for each op how many numbers were judged, and how much of a bound they reached."""
    print(f"{machine()}; --op '{op}' --dtype {dtype}, {seeds} seeds\n")
    found = {name: list(_found(name, op, seeds, dtype)) for name in backend or DEFAULT}
    print(_totals(found), _by_op(found), sep="\n\n")
    alarms = [alarm for ran in found.values() for one in ran for alarm in one["alarms"]]
    print("\nAlarms:", *(alarms or ["none"]), sep="\n- ")
    raise typer.Exit(int(any(", documented as " not in alarm for alarm in alarms)))


def _found(backend: str, op: str, seeds: int, dtype: str) -> Iterator[Found]:
    """Yield what a process finds, op by op; each is told on the way."""
    words = [sys.executable, str(CALLS), backend, op, str(seeds), dtype]
    known = "" if backend == SEQUENTIAL else backend
    with subprocess.Popen(
        words, env=environment(known), stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            one = json.loads(line)
            print(f"{backend}: {line.strip()}", file=sys.stderr, flush=True)
            if "op" in one:
                yield {**one, "backend": backend}
    if child.returncode:
        raise SystemExit(f"{backend} ended with {child.returncode}")


def _totals(found: dict[str, list[Found]]) -> str:
    ratios = ("likely", "together", "guaranteed")
    heads = ("backend", "law", "ops", "numbers", *ratios, "unclaimed", "alarms", "s")
    rows = [
        (backend, law, *_total([one for one in ran if one["law"] == law]))
        for backend, ran in found.items()
        for law in (VALUES, GRADIENTS)
        if any(one["law"] == law for one in ran)
    ]
    numbers = sum(one["numbers"] for ran in found.values() for one in ran)
    return table(heads, [*rows, ("all", "", "", f"{numbers:,}", *[""] * 6)])


def _total(ran: Sequence[Found]) -> tuple[str, ...]:
    return (
        str(len(ran)),
        f"{sum(one['numbers'] for one in ran):,}",
        *(f"{max(one[kind] for one in ran):.3g}" for kind in ("likely", "together", "guaranteed")),
        f"{sum(one['unclaimed'] for one in ran):,}",
        str(sum(len(one["alarms"]) for one in ran)),
        f"{sum(one['seconds'] for one in ran):.0f}",
    )


def _by_op(found: dict[str, list[Found]]) -> str:
    """Return for each op and law the numbers of a backend, and what is reached of their bounds."""
    heads = ("largest error / likely bound", "numbers", *found)
    places = dict.fromkeys((one["op"], one["law"]) for ran in found.values() for one in ran)
    rows = []
    for op, law in places:
        own = {
            name: [o for o in ran if (o["op"], o["law"]) == (op, law)]
            for name, ran in found.items()
        }
        numbers = max(one["numbers"] for ran in own.values() for one in ran)
        reached = (f"{ran[0]['likely']:.2g}" if ran else "" for ran in own.values())
        rows.append((f"{op}, {law}", f"{numbers:,}", *reached))
    return table(heads, rows)


if __name__ == "__main__":
    typer.run(main)
