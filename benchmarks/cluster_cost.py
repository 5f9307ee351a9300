"""What a run over the whole catalogue costs on a Ray cluster, computed from measured figures.

    python benchmarks/cluster_cost.py RECORDS [--profile explore] [--nodes 1 ...] [--cores 16]
                                      [--gpus 1]

RECORDS is the folder of a run that was made: for each backend, how many seconds each op took and
by how many cases it was judged. By another profile a cell takes as many times longer as it has more
cases. To this comes the start of a process for each op of each backend, which is measured now.

The run on the CPU and the one on the GPU share the cluster. An op on the GPU claims a GPU and a
core of its node, one on the CPU a core; all are given out in the order in which ``etalon verify
--ray`` does it, each to the first core that is free. A GPU is taken to be as fast as a core of the
CPU: most of the time is the judge's, which computes on the CPU in both.
"""

from __future__ import annotations

import heapq
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from measuring import machine, table, verify

from etalon import spec
from etalon.conformance import laws
from etalon.conformance.judging.sampling import PROFILES, Profile
from etalon.reports.records import Verdict, read
from etalon.spec.words import INVALID_CALLS, SHAPE_AND_DTYPE

SMALL = ("--op", "activations/linear", "--law", "values", "--dtype", "float32")
"""One cell, which takes next to nothing: the rest of the run is its start and its end."""
HEADS = ("nodes", "CPU run, hours", "GPU run, hours", "node hours", "cores at work")


def main(
    records: Annotated[Path, typer.Argument(help="the records of a run that was made")],
    profile: Annotated[str, typer.Option(help="the profile of the run whose cost is asked")] = (
        "explore"
    ),
    nodes: Annotated[list[int] | None, typer.Option(help="how many; several may be named")] = None,
    cores: Annotated[int, typer.Option(min=1, help="of each node")] = 16,
    gpus: Annotated[int, typer.Option(min=1, help="of each node")] = 1,
) -> None:
    """Print what each backend takes, and how long it takes on clusters of several sizes."""
    if cores <= gpus:
        raise typer.BadParameter("a node needs a core for each GPU, and one for the CPU's run")
    wanted = PROFILES[profile]
    costs = {path.stem: _costs(path, wanted) for path in sorted(records.glob("*.jsonl"))}
    starts = {name: _start(name) for name in costs}
    print(f"{machine()}; starts measured now, the rest from {records}\n")
    rows = [
        (name, f"{starts[name]:.1f}", _hours(found.values()), *_longest(found))
        for name, found in costs.items()
    ]
    print(table(("backend", "start, s", "hours of one core", "longest op", "hours"), rows))
    on_cpu = [starts[name] + op for name, ops in costs.items() for op in ops.values()]
    on_gpu = [starts[name] + op for name in costs if name != "numpy" for op in costs[name].values()]
    print(f"\n{len(on_cpu):,} ops × backends on the CPU, {len(on_gpu):,} on the GPU; ", end="")
    print(f"nodes of {cores} cores and {gpus} GPU(s)\n")
    counts = nodes or (1, 8, 64)
    print(table(HEADS, [_row(on_cpu, on_gpu, count, cores, gpus) for count in counts]))


def _costs(path: Path, profile: Profile) -> dict[str, float]:
    """Return how many seconds each op would take by a profile, by those it took."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for record in read(path):
        if isinstance(record, Verdict):
            seconds[record.op] += record.seconds * _times(record, profile)
    return dict(seconds)


def _times(cell: Verdict, profile: Profile) -> float:
    """Return how many times as many cases a cell would have."""
    if cell.law == INVALID_CALLS or not cell.cases:
        return 1.0
    drawn = (
        [law for law in spec.find(cell.op).laws if laws.marked(law, "SHAPED")]
        if cell.law == SHAPE_AND_DTYPE
        else [cell.law]
    )
    return max(1.0, sum(profile.size(law, cell.dtype) for law in drawn) / cell.cases)


def _start(backend: str) -> float:
    """Return how many seconds of a run are not spent judging."""
    with tempfile.TemporaryDirectory() as out:
        judged = verify(backend, Path(out), *SMALL, profile="smoke")
    seconds: float = judged.seconds - sum(verdict.seconds for verdict in judged.verdicts)
    return seconds


def _longest(costs: dict[str, float]) -> tuple[str, str]:
    op = max(costs, key=lambda op: costs[op])
    return op, _hours([costs[op]])


def _hours(seconds: Iterable[float]) -> str:
    return f"{sum(seconds) / 3600:.1f}"


def _row(
    on_cpu: Sequence[float], on_gpu: Sequence[float], nodes: int, cores: int, gpus: int
) -> tuple[object, ...]:
    """Return how long a cluster takes: until the later of the two runs ends."""
    ends = spread(on_cpu, nodes * (cores - gpus)), spread(on_gpu, nodes * gpus)
    hours = max(ends) / 3600
    busy = (sum(on_cpu) + sum(on_gpu)) / (max(ends) * nodes * cores)
    return nodes, *(f"{end / 3600:.1f}" for end in ends), f"{hours * nodes:.0f}", f"{busy:.0%}"


def spread(seconds: Sequence[float], slots: int) -> float:
    """Return when the last of some tasks ends that are given out in order to what is free."""
    free = [0.0] * slots
    for task in seconds:
        heapq.heapreplace(free, free[0] + task)
    return max(free)


if __name__ == "__main__":
    typer.run(main)
