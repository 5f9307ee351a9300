"""``etalon replay``: one case again, the reference and a backend side by side."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from etalon.conformance.commands.console import out
from etalon.conformance.commands.options import BackendOption, DeviceOption, ModeOption
from etalon.conformance.running.request import usable
from etalon.spec.words import DEVICES


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


def replay(
    case: Annotated[str, typer.Argument(metavar="CASE")],
    backend: BackendOption,
    device: DeviceOption = DEVICES[0],
    mode: ModeOption = "",
    exact: Annotated[
        bool, typer.Option("--exact", help="say in 50 digits which of the two is wrong")
    ] = False,
    script: Annotated[
        bool, typer.Option("--script", help="print a program that needs no Etalon")
    ] = False,
) -> int:
    """Judge one case again, the reference and a backend side by side."""
    from etalon.conformance.commands import replay_exact, replay_shown

    usable((backend,), device, mode)
    if exact:
        replay_exact.check()
    if script:
        sys.stdout.write(replay_shown.program(case, backend, device, mode))
        return 0
    shown, right = replay_shown.replayed(case, backend, device, mode, exact)
    out.print(shown, soft_wrap=True)
    return 0 if right else 1
