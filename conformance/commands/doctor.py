"""``etalon doctor``: which frameworks, versions and devices are here."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import typer
from rich.table import Table

import etalon
from etalon.backends import BACKENDS
from etalon.conformance.commands.console import out
from etalon.conformance.running.probe import probe


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


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
