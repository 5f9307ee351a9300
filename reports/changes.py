"""What the comparison of two runs looks like in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich import console
from rich.table import Table
from rich.text import Text

from etalon.reports.comparison import KINDS, SIGNS, WORSE, Comparison, Group, Kind

STYLES: dict[Kind, str] = {
    "broken": "bold red",
    "less accurate": "red",
    "gone": "dim",
    "new": "cyan",
    "more accurate": "green",
    "fixed": "green",
}

LINES = 40
"""How many changes of one kind are shown at most."""


def shown(comparison: Comparison) -> console.RenderableType:
    """Return what a comparison comes to, what was compared, and the changes, the worst first."""
    return console.Group(
        Text(sentence(comparison), style="bold red" if comparison.worse else "bold"),
        _versions(comparison),
        *(Text(f"! {warning}", style="yellow") for warning in comparison.warnings),
        *(line for kind in KINDS for line in _section(comparison, kind)),
    )


def sentence(comparison: Comparison) -> str:
    """Return in one sentence what changed, counted in verdicts."""
    counted = [f"{count} {kind}" for kind, count in comparison.counts.items() if count]
    parts = [*counted, f"{comparison.unchanged} unchanged"]
    return f"{_headline(comparison)}: {', '.join(parts)}."


def _headline(comparison: Comparison) -> str:
    if comparison.worse:
        return "Worse"
    return "Nothing got worse" if comparison.compared else "Nothing was compared"


def _versions(comparison: Comparison) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("backend", "old", "", "new"):
        table.add_column(heading, overflow="fold")
    for column, (old, new) in comparison.versions.items():
        table.add_row(*map(Text, (column.name, old or "not judged", "→", new or "not judged")))
    return table


def _section(comparison: Comparison, kind: Kind) -> Iterator[Text]:
    groups = [group for group in comparison.groups if group.kind == kind]
    lines = _by_op(groups) if kind in ("new", "gone") else list(map(_line, groups))
    if lines:
        yield Text(f"\n{kind}", style="bold")
    for line in lines[:LINES]:
        yield Text.assemble((f"{SIGNS[kind]} ", STYLES[kind]), line)
    if len(lines) > LINES:
        yield Text(f"  and {len(lines) - LINES} more", style="dim")


def _line(group: Group) -> Text:
    where = f"{', '.join(group.laws)}; {', '.join(group.dtypes)}"
    line = Text(f"{group.op} on {group.column.name}: {group.says} ({where})")
    if group.kind in WORSE and group.command:
        line.append("\n  replay: ", style="dim").append(group.command)
    return line


def _by_op(groups: Sequence[Group]) -> list[Text]:
    """Return a line for each op: how many verdicts there are of each name, and where."""
    counted: dict[str, Counter[str]] = {}
    columns: dict[str, dict[str, None]] = {}
    for group in groups:
        counted.setdefault(group.op, Counter())[group.cause] += len(group.changes)
        columns.setdefault(group.op, {})[group.column.name] = None
    return [
        Text(
            f"{op} on {', '.join(columns[op])}: "
            f"{', '.join(f'{number} {name}' for name, number in verdicts.items())}"
        )
        for op, verdicts in counted.items()
    ]
