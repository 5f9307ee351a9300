"""``etalon verify``: judge backends, and show how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from etalon.backends import BACKENDS, Backend
from etalon.conformance.commands.console import out, say
from etalon.conformance.commands.options import (
    DeviceOption,
    EditionOption,
    ModeOption,
    ProfileOption,
)
from etalon.conformance.commands.progress import Display
from etalon.conformance.running import machine
from etalon.conformance.running.backend_run import verify
from etalon.conformance.running.errors import NothingJudged
from etalon.conformance.running.request import Finished, Request, Watch, check, record_file
from etalon.reports.records import BAD, Verdict
from etalon.spec.words import DEVICES, EDITIONS

WIDE = 160
"""How many columns the table may take in a file, or in a log of CI: those of all backends."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify_)


def verify_(
    backends: Annotated[
        list[str] | None, typer.Argument(metavar="[BACKEND ...]", help=", ".join(BACKENDS))
    ] = None,
    op: Annotated[str, typer.Option(metavar="GLOB", help="the ops whose id matches")] = "*",
    law: Annotated[str, typer.Option(metavar="L", help="this law alone")] = "",
    dtype: Annotated[str, typer.Option(metavar="D", help="this dtype alone")] = "",
    device: DeviceOption = DEVICES[0],
    mode: ModeOption = "",
    edition: EditionOption = EDITIONS[0],
    profile: ProfileOption = "quick",
    seed: Annotated[int, typer.Option(metavar="N", help="the seed of the run")] = 0,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="processes; else as many as fit here")
    ] = None,
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
        workers=workers or (1 if ray else machine.workers()),
        resume=resume,
        extra=tuple(pytest or ()),
        ray=ray,
        ray_install=ray_install,
    )
    return _summed_up(_watched(request, check(request)))


def _watched(request: Request, chosen: tuple[Backend, ...]) -> list[Finished]:
    """Judge backends, each in every mode that is asked for, and show how far it is."""
    parts = _parts(request, chosen)
    efforts = {record_file(own, b).stem: b.effort for own, some in parts for b in some}
    finished = []
    with Display(efforts) as display:
        for own, some in parts:
            for run in _runs(own, some, display.watch):
                finished.append(run)
                display.end(run)
    return finished


def _parts(
    request: Request, chosen: tuple[Backend, ...]
) -> list[tuple[Request, tuple[Backend, ...]]]:
    """Return the request by mode, with the backends that are asked to compute so."""
    found: dict[Request, list[Backend]] = {}
    for backend in chosen:
        for part in request.parts(backend):
            found.setdefault(part, []).append(backend)
    return [(part, tuple(some)) for part, some in found.items()]


def _runs(request: Request, chosen: tuple[Backend, ...], watch: Watch) -> Iterable[Finished]:
    if not request.ray:
        return (verify(request, backend, watch) for backend in chosen)
    from etalon.conformance.ray.driver import spread

    return spread(request, chosen, watch)


def _summed_up(finished: list[Finished]) -> int:
    from etalon.reports import terminal

    verdicts: list[Verdict] = [verdict for run in finished for verdict in run.verdicts]
    table = out if out.is_terminal else Console(highlight=False, width=max(out.width, WIDE))
    table.print(terminal.summary(verdicts), soft_wrap=True)
    problems = [f"{run.backend}: {run.problem}" for run in finished if run.problem]
    for problem in problems:
        say(problem)
    if problems or any(verdict.verdict in BAD for verdict in verdicts):
        return 1
    if not any(verdict.cases for verdict in verdicts):
        raise NothingJudged("nothing was judged: no cell was chosen, or no op has an adapter")
    return 0
