"""The command ``etalon``.

Exit status: 0 everything conforms or is documented, 1 something fails, 2 the call was wrong,
3 nothing was judged.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

import etalon
from etalon import spec
from etalon.backends import BACKENDS, MODES, Backend
from etalon.conformance.cases.case import InvalidCase
from etalon.conformance.commands import checking, reporting, starting
from etalon.conformance.commands.consoles import err, out, say
from etalon.conformance.commands.errors import CommandError, NothingJudged, WrongCall
from etalon.conformance.commands.probe import probe
from etalon.conformance.judging.divergences import InvalidDivergence
from etalon.conformance.running.requesting import Finished, Request, Watch, check, usable
from etalon.conformance.running.verifying import verify
from etalon.reports.records import BAD, CorruptRecords, Verdict
from etalon.spec.model import EDITIONS, KINDS
from etalon.spec.objects import NoSuchObject

app = typer.Typer(
    help="Does an implementation of a neural-network operation compute what its spec says?",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
checking.register(app)
reporting.register(app)
starting.register(app)

_WRONG = (
    spec.InvalidEntry,
    spec.UnknownOp,
    CorruptRecords,
    InvalidCase,
    InvalidDivergence,
    NoSuchObject,
)
"""What is raised, wherever it is found out, where the call can't be taken; each says why."""

_STOPPED = 130
"""The status after Ctrl-C, which Typer returns where it catches that itself."""

BackendOption = Annotated[str, typer.Option("--backend", metavar="B", help="the backend")]
ModeOption = Annotated[str, typer.Option("--mode", metavar="|".join(MODES), help="how to execute")]
EditionOption = Annotated[
    str, typer.Option(metavar="|".join(EDITIONS), help="whose meaning of the names")
]
DeviceOption = Annotated[str, typer.Option("--device", metavar="cpu|gpu", help="where to compute")]


def main() -> None:
    """Run the command; say what is wrong in one sentence, without a traceback."""
    try:
        status = app(standalone_mode=False)
    except CommandError as error:
        _end(str(error), error.status)
    except _WRONG as error:
        _end(str(error), 2)
    except typer.TyperException as error:
        _end(_said(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        status = _STOPPED
    if status == _STOPPED:
        _end("stopped; what was judged is kept, and --resume goes on", _STOPPED)
    sys.exit(status if isinstance(status, int) else 0)


def _said(error: typer.TyperException) -> str:
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    return str(said).strip() or "see `etalon --help`"


def _end(sentence: str, status: int) -> None:
    say(sentence)
    sys.exit(status)


@app.command("list")
def list_(
    kind: Annotated[str, typer.Option(metavar="KIND", help="layers, losses, …")] = "",
    edition: Annotated[
        str, typer.Option(metavar="|".join(EDITIONS), help="as this edition has it; else all")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="the entries whole, as JSON")] = False,
) -> None:
    """List the catalogue."""
    from etalon.conformance.commands import showing

    if kind and kind not in KINDS:
        raise WrongCall(f"no kind is called {kind!r}: there are {', '.join(KINDS)}")
    if edition and edition not in EDITIONS:
        raise WrongCall(f"no edition is called {edition!r}: there are {', '.join(EDITIONS)}")
    listed = spec.in_edition(edition) if edition else etalon.catalogue().values()
    ops = [op for op in listed if kind in ("", op.kind)]
    if as_json:
        sys.stdout.write(showing.as_json(ops) + "\n")
    else:
        out.print(showing.table(ops))


@app.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: Annotated[bool, typer.Option("--json", help="the entry as JSON")] = False,
    records: Annotated[
        Path | None,
        typer.Option(metavar="RECORDS", help="the evidence; by default that of etalon-report"),
    ] = None,
) -> None:
    """Show an entry in words, and how each backend writes it, with the evidence."""
    from etalon.conformance.commands import showing
    from etalon.reports.matrix import load

    op = spec.find(id)
    if as_json:
        sys.stdout.write(showing.as_json([op]) + "\n")
    else:
        usual = Path("etalon-report/records")
        given = records or (usual if any(usual.glob("*.jsonl")) else None)
        out.print(showing.entry(op, load([given]) if given else None))


@app.command("verify")
def verify_(
    backends: Annotated[
        list[str] | None, typer.Argument(metavar="[BACKEND ...]", help=", ".join(BACKENDS))
    ] = None,
    op: Annotated[str, typer.Option(metavar="GLOB", help="the ops whose id matches")] = "*",
    law: Annotated[str, typer.Option(metavar="L", help="this law alone")] = "",
    dtype: Annotated[str, typer.Option(metavar="D", help="this dtype alone")] = "",
    device: DeviceOption = "cpu",
    mode: ModeOption = "eager",
    edition: EditionOption = EDITIONS[0],
    profile: Annotated[str, typer.Option(metavar="smoke|quick|full|explore")] = "full",
    seed: Annotated[int, typer.Option(metavar="N", help="the seed of the run")] = 0,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="parallel processes")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="go on with a run")] = False,
    out_dir: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="where records and logs go")
    ] = Path("etalon-report"),
    pytest: Annotated[
        list[str] | None, typer.Option(metavar="ARG", help="hand an argument on to pytest")
    ] = None,
    ray: Annotated[
        str, typer.Option(metavar="HOST:PORT|auto|local", help="judge on this Ray cluster")
    ] = "",
    ray_install: Annotated[
        bool, typer.Option("--ray-install", help="have its nodes install the backends")
    ] = False,
) -> int:
    """Judge backends; with none named, all that are installed."""
    request = Request(
        backends=tuple(dict.fromkeys(backends or ())),
        out=out_dir,
        op=op,
        law=law,
        dtype=dtype,
        device=device,
        mode=mode,
        edition=edition,
        profile=profile,
        seed=seed,
        workers=workers,
        resume=resume,
        extra=tuple(pytest or ()),
        ray=ray,
        ray_install=ray_install,
    )
    return _summed_up(_watched(request, check(request)))


def _watched(request: Request, chosen: tuple[Backend, ...]) -> list[Finished]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    progress = Progress(*columns, TimeElapsedColumn(), console=err, transient=True)
    bars: dict[str, TaskID] = {}

    def watch(name: str, done: int, cells: int) -> None:
        if name not in bars:
            bars[name] = progress.add_task(name, total=None)
        progress.update(bars[name], completed=done, total=cells or None)

    runs, finished = _runs(request, chosen, watch), []
    with progress:
        for run in runs:
            finished.append(run)
            progress.update(bars[run.backend], visible=False)
            err.print(_sentence(run), soft_wrap=True)
    return finished


def _runs(request: Request, chosen: tuple[Backend, ...], watch: Watch) -> Iterable[Finished]:
    if not request.ray:
        return (verify(request, backend, watch) for backend in chosen)
    from etalon.conformance.spreading.driving import spread

    return spread(request, chosen, watch)


def _sentence(run: Finished) -> str:
    from etalon.reports import terminal

    counted = terminal.totals(run.verdicts)
    words = ", ".join(f"{count} {name}" for name, count in counted.items() if count)
    return f"{run.backend}: {words or 'no verdict'} in {run.seconds:.0f} s → {run.records}"


def _summed_up(finished: list[Finished]) -> int:
    from etalon.reports import terminal

    verdicts: list[Verdict] = [verdict for run in finished for verdict in run.verdicts]
    out.print(terminal.summary(verdicts), soft_wrap=True)
    problems = [f"{run.backend}: {run.problem}" for run in finished if run.problem]
    for problem in problems:
        say(problem)
    if problems or any(verdict.verdict in BAD for verdict in verdicts):
        return 1
    if not any(verdict.cases for verdict in verdicts):
        raise NothingJudged("nothing was judged: no cell was chosen, or no op has an adapter")
    return 0


@app.command()
def replay(
    case: Annotated[str, typer.Argument(metavar="CASE")],
    backend: BackendOption,
    device: DeviceOption = "cpu",
    mode: ModeOption = "eager",
    exact: Annotated[
        bool, typer.Option("--exact", help="say in 50 digits which of the two is wrong")
    ] = False,
    script: Annotated[
        bool, typer.Option("--script", help="print a program that needs no Etalon")
    ] = False,
) -> int:
    """Judge one case again, the reference and a backend side by side."""
    from etalon.conformance.commands import adjudicating, replaying

    usable((backend,), device, mode)
    if exact:
        adjudicating.check()
    if script:
        sys.stdout.write(replaying.program(case, backend, device, mode))
        return 0
    shown, right = replaying.replay(case, backend, device, mode, exact)
    out.print(shown, soft_wrap=True)
    return 0 if right else 1


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> int:
    """Show which frameworks, versions and devices are here."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(BACKENDS, pool.map(probe, BACKENDS.values()), strict=True))
    if as_json:
        sys.stdout.write(json.dumps({n: vars(p) for n, p in found.items()}, indent=2) + "\n")
        return 0
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("backend", "version", "devices"):
        grid.add_column(heading)
    for name, seen in found.items():
        grid.add_row(name, seen.version or "–", ", ".join(seen.devices) or seen.problem)
    out.print(f"Etalon {etalon.__version__}, Python {sys.version.split()[0]}")
    out.print(grid)
    return 0


if __name__ == "__main__":
    main()
