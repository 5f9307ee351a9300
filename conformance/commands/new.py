"""``etalon new-op`` and ``etalon new-backend``: a package to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance import project_templates
from etalon.conformance.commands.console import out
from etalon.conformance.running.errors import WrongCall
from etalon.spec.words import KINDS

Where = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="the new folder")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new-op")(new_op)
    app.command("new-backend")(new_backend)


def new_op(
    id: Annotated[str, typer.Argument(metavar="KIND/NAME")],
    out_dir: Where = None,
) -> None:
    """Write a package with an op of your own: its entry, its definition, a test."""
    kind, _, name = id.partition("/")
    if kind not in KINDS or not name:
        raise WrongCall(f"an id is kind/name, and the kinds are {', '.join(KINDS)}: not {id!r}")
    if id in spec.catalogue():
        raise WrongCall(f"{id} is in the catalogue already: `etalon show {id}`")
    function = _identifier(name, "the name of an op")
    folder = out_dir or Path(f"etalon-{name.replace('_', '-')}")
    _write(
        "op",
        folder,
        package=f"etalon_{function}",
        name=name.replace("_", "-"),
        id=f"{kind}/{function}",
        function=function,
        constant=function.upper(),
    )
    _say(folder, f"etalon verify numpy --op {kind}/{function} --profile quick")


def new_backend(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    out_dir: Where = None,
) -> None:
    """Write a package that brings a backend of your own."""
    if name in BACKENDS:
        raise WrongCall(f"a backend is called {name} already")
    package = f"etalon_{_identifier(name, 'the name of a backend')}"
    folder = out_dir or Path(f"etalon-{name}")
    _write("backend", folder, package=package, name=name)
    _say(folder, f"etalon verify {name} --profile quick")


def _identifier(name: str, what: str) -> str:
    try:
        return project_templates.identifier(name, what)
    except project_templates.NoStart as error:
        raise WrongCall(str(error)) from error


def _write(kind: str, folder: Path, package: str, **words: str) -> None:
    try:
        written = project_templates.write(kind, folder, package, **words)
    except project_templates.NoStart as error:
        raise WrongCall(str(error)) from error
    for path in written:
        out.print(str(path), markup=False, soft_wrap=True)


def _say(folder: Path, then: str) -> None:
    out.print(f"\npython -m pip install -e {folder}\n{then}", markup=False, soft_wrap=True)
