"""How the time and the memory of ``etalon verify`` grow: with cases, with ops and with workers.

    python benchmarks/growth.py [--backend torch] [--runs N] [--plots FOLDER]

Three series, each run from the start of the process to its end: the same ops by the profiles
smoke, quick and full; 1, 2, 4, 8 and 16 ops by the profile quick; and the whole catalogue by the
profile quick with 1, 2 and 4 workers. Memory is the largest sum of the resident sets of the process
and its children, looked at twenty times a second; what processes share is counted for each of them.

A table is printed, and a plot of each series is written as SVG.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import altair as alt
import psutil
import typer
from measuring import HERE, arguments, choosing, environment, ids, machine, table, verdicts

OPS = (
    *("layers/dense", "activations/gelu", "losses/huber", "layers/conv2d"),
    *("optimizers/adam", "layers/layer_normalization", "metrics/binary_accuracy", "layers/softmax"),
    *("regularizers/l2", "layers/average_pooling2d", "activations/elu", "losses/poisson"),
    *("layers/concatenate", "optimizers/sgd", "layers/zero_padding2d", "initializers/constant"),
)
"""One of each kind and then more, so that the first two, four and so on are a mix, too."""

SAME = OPS[:4]
ALL = ("*",)
PROFILES = ("smoke", "quick", "full")
COUNTS = (1, 2, 4, 8, 16)
WORKERS = (1, 2, 4)
POLL = 0.05
BLUE, RED, GREY = "#4477aa", "#cc6677", "#7d8790"


@dataclass(frozen=True)
class Point:
    """One run: by what it differs from the others of its series, and what it took."""

    series: str
    value: str
    ops: int
    cases: int
    workers: int
    seconds: float
    megabytes: float

    @property
    def at(self) -> int:
        """Where on its axis it lies."""
        return {"cases": self.cases, "ops": self.ops, "workers": self.workers}[self.series]


def main(
    backend: Annotated[str, typer.Option(help="the backend")] = "torch",
    runs: Annotated[int, typer.Option(min=1, help="of each; the median")] = 1,
    plots: Annotated[Path, typer.Option(help="where plots go")] = HERE / "plots",
) -> None:
    """Print a table of the three series, and write their plots."""
    print(f"{machine()}; {backend}, median of {runs}\n")
    points = list(_series(backend, runs))
    heads = ("series", "value", "ops", "cases", "workers", "seconds", "cases / s", "peak MB")
    print(table(heads, map(_line, points)))
    plots.mkdir(exist_ok=True)
    for series in dict.fromkeys(point.series for point in points):
        some = [point for point in points if point.series == series]
        (plots / f"growth-{backend}-{series}.svg").write_text(plot(some), encoding="utf-8")


def _line(point: Point) -> tuple[object, ...]:
    rate = point.cases / point.seconds
    measured = (f"{point.seconds:.1f}", f"{rate:.0f}", f"{point.megabytes:.0f}")
    return point.series, point.value, point.ops, f"{point.cases:,}", point.workers, *measured


def _series(backend: str, runs: int) -> Iterator[Point]:
    for profile in PROFILES:
        yield _point("cases", profile, backend, SAME, profile, 1, runs)
    for count in COUNTS:
        yield _point("ops", str(count), backend, OPS[:count], "quick", 1, runs)
    for workers in WORKERS:
        yield _point("workers", str(workers), backend, ALL, "quick", workers, runs)


def _point(
    series: str,
    value: str,
    backend: str,
    ops: Sequence[str],
    profile: str,
    workers: int,
    runs: int,
) -> Point:
    found = [measured(backend, ops, profile, workers) for _ in range(runs)]
    seconds, megabytes, cases = zip(*found, strict=True)
    middle = statistics.median(seconds), statistics.median(megabytes)
    return Point(series, value, len(ids(ops)), cases[0], workers, *middle)


def measured(
    backend: str, ops: Sequence[str], profile: str, workers: int
) -> tuple[float, float, int]:
    """Return the seconds, the megabytes and the cases of a run."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        more = ("--workers", str(workers), *choosing(ops))
        command = arguments(backend, out, *more, profile=profile)
        start, most = time.perf_counter(), 0
        with subprocess.Popen(
            command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            watched = psutil.Process(child.pid)
            while child.poll() is None:
                most = max(most, _resident(watched))
                time.sleep(POLL)
        seconds = time.perf_counter() - start
        cases = sum(verdict.cases for verdict in verdicts(backend, out))
    return seconds, most / 1e6, cases


def _resident(process: psutil.Process) -> int:
    """Return how much memory a process and all below it have in use, in bytes."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for one in family:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def plot(points: Sequence[Point]) -> str:
    """Return time and memory of one series, side by side, as SVG."""
    import vl_convert

    panels = [
        _panel(points, "seconds", "seconds", BLUE),
        _panel(points, "megabytes", "peak MB", RED),
    ]
    chart: Any = alt.hconcat(*panels).configure(**_config())
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict())
    return svg + "\n"


def _panel(points: Sequence[Point], measure: str, title: str, color: str) -> Any:
    values = [{"at": point.at, measure: getattr(point, measure)} for point in points]
    places = sorted({point.at for point in points})
    ticks = alt.Axis(values=places, grid=False)
    return (
        alt.Chart(alt.Data(values=values), width=260, height=200)
        .mark_line(color=color, point=alt.OverlayMarkDef(color=color, size=50))
        .encode(
            x=alt.X("at:Q", title=points[0].series, axis=ticks, scale=alt.Scale(zero=True)),
            y=alt.Y(f"{measure}:Q", title=title, scale=alt.Scale(zero=True)),
        )
    )


def _config() -> dict[str, Any]:
    axis = {"labelColor": GREY, "titleColor": GREY, "domainColor": GREY, "tickColor": GREY}
    return {
        "background": "transparent",
        "axis": {**axis, "gridOpacity": 0.2},
        "view": {"stroke": None},
    }


if __name__ == "__main__":
    typer.run(main)
