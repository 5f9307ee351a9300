"""``etalon list`` and ``etalon show``: the catalogue and its entries in words."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

import etalon
from etalon import backends, spec
from etalon.conformance.commands.console import out
from etalon.conformance.commands.options import one_of
from etalon.conformance.running.errors import WrongCall
from etalon.conformance.subjects.place import Place
from etalon.reports.matrix import MARKS, Matrix, load
from etalon.reports.terminal import STYLES
from etalon.spec.model import Op, Tensor
from etalon.spec.words import EDITIONS, FAMILIES, KINDS, LAWS, STRATA


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list")(list_)
    app.command()(show)


def list_(
    kind: Annotated[str, typer.Option(metavar="KIND", help="layers, losses, …")] = "",
    edition: Annotated[
        str, typer.Option(metavar=one_of(EDITIONS), help="as this edition has it; else all")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="the entries whole, as JSON")] = False,
) -> None:
    """List the catalogue."""
    if kind and kind not in KINDS:
        raise WrongCall(f"no kind is called {kind!r}: there are {', '.join(KINDS)}")
    if edition and edition not in EDITIONS:
        raise WrongCall(f"no edition is called {edition!r}: there are {', '.join(EDITIONS)}")
    listed = spec.in_edition(edition) if edition else etalon.catalogue().values()
    ops = [op for op in listed if kind in ("", op.kind)]
    if as_json:
        sys.stdout.write(as_json_text(ops) + "\n")
    else:
        out.print(table(ops))


def show(
    id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: Annotated[bool, typer.Option("--json", help="the entry as JSON")] = False,
    records: Annotated[
        Path | None,
        typer.Option(metavar="RECORDS", help="the evidence; by default that of etalon-report"),
    ] = None,
) -> None:
    """Show an entry in words, and how each backend writes it, with the evidence."""
    op = spec.find(id)
    if as_json:
        sys.stdout.write(as_json_text([op]) + "\n")
    else:
        usual = Path("etalon-report/records")
        given = records or (usual if any(usual.glob("*.jsonl")) else None)
        out.print(entry(op, load([given]) if given else None))


def as_json_text(ops: Iterable[Op]) -> str:
    """Return spec entries as JSON, indented for reading."""
    return json.dumps([msgspec.to_builtins(op) for op in ops], indent=2, ensure_ascii=False)


def table(ops: Iterable[Op]) -> Table:
    """Return the catalogue as a table: id, Keras name, aliases, formula."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("op", "Keras", "formula"):
        grid.add_column(heading, no_wrap=heading != "formula")
    for op in ops:
        grid.add_row(" ".join((op.id, *op.aliases)), op.keras, escape(op.formula))
    return grid


def entry(op: Op, judged: Matrix | None = None) -> RenderableType:
    """Return all that a spec entry says, and how each backend writes it.

    Args:
        op: the entry.
        judged: what was judged, for the evidence; ``None`` where there are no records.
    """
    return Group(
        Text(f"{op.id} — Keras {op.keras} ({op.edition})", style="bold"),
        Text(f"{op.formula}\n{op.source}\n"),
        _tensors(op),
        Text(),
        *_settings(op),
        *(Text(f"{c.id}  {c.says}" + (f"  [{c.rule}]" if c.rule else "")) for c in op.constraints),
        *(Text(f"law: {law}: {LAWS[law].says}") for law in op.laws),
        Text("strata: " + "; ".join(f"{name} ({STRATA[name]})" for name in op.strata)),
        *_adapters(op, judged),
    )


def _tensors(op: Op) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("array", "shape", "values"):
        grid.add_column(heading)
    groups = (("", op.inputs), ("weight ", op.weights), ("result ", op.outputs))
    for role, tensors in groups:
        for name, tensor in tensors.items():
            grid.add_row(f"{role}{name}", escape(_shape(tensor)), _domain(role, tensor))
    return grid


def _shape(tensor: Tensor) -> str:
    first = f"; channels first ({tensor.channels_first})" if tensor.channels_first else ""
    each = f", one for each size in {tensor.each}" if tensor.each else ""
    return f"({tensor.shape}){first}{each}"


def _domain(role: str, tensor: Tensor) -> str:
    domain = "" if role == "result " else tensor.values
    return f"{domain}, if {tensor.optional}" if tensor.optional else domain


def _settings(op: Op) -> Iterator[Text]:
    for title, domains in (("config", op.config), ("dimensions", op.dims)):
        for name, choice in domains.items():
            yield Text(f"{title}: {name} ∈ {', '.join(map(repr, choice.values))}")


def _adapters(op: Op, judged: Matrix | None) -> Iterator[RenderableType]:
    """Yield how each backend writes the op, with the evidence and the pitfalls."""
    from rich.syntax import Syntax

    for name, backend in backends.BACKENDS.items():
        source = adapter_source(backend, op)
        if source:
            yield Text(f"\n{name}", style="bold")
            yield Syntax(source, "python", background_color="default", word_wrap=True)
            yield from _evidence(op, name, judged)
    for library, members in FAMILIES.items() if op.edition == EDITIONS[0] and op.keras else ():
        yield Text(f"\n{library}.{op.kind}.{op.keras}", style="bold")
        for name in members:
            yield from _evidence(op, name, judged)


def _evidence(op: Op, backend: str, judged: Matrix | None) -> Iterator[Text]:
    from etalon.conformance.judging.divergences import divergences

    row = judged.rows.get(op.id, {}) if judged else {}
    for cell in (cell for column, cell in row.items() if column.backend == backend):
        sign, style = MARKS[cell.verdict], STYLES[cell.verdict]
        power = f"; {cell.power}" if cell.power else ""
        yield Text(f"{sign} {cell.column.name} {cell.version}: {cell.evidence}{power}", style=style)
    for known in divergences(Place(backend), op.id):
        yield Text(f"{MARKS['diverges']} {backend}, {known.nature}: {known.what}", style="yellow")


def adapter_source(backend: backends.Backend, op: Op) -> str:
    """Return an adapter as it is written, without importing its framework; empty without one."""
    path, function = _place(backend, op)
    if path is None or not path.exists():
        return ""
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return ast.get_source_segment(text, node) or ""
    return ""


def _place(backend: backends.Backend, op: Op) -> tuple[Path | None, str]:
    """Return the file of an adapter, and the name of its function there."""
    if backend.name in op.functions:
        module, _, function = op.functions[backend.name].partition(":")
        found = importlib.util.find_spec(module)
        return (Path(found.origin) if found and found.origin else None), function
    folder = backend.folder
    parts = op.module.split(".")
    return (folder.joinpath(*parts).with_suffix(".py") if folder else None), op.function
