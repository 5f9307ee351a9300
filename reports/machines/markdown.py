"""A summary in Markdown, short enough for a comment on a pull request.

Failures with one cause are one line, and what does not fit is counted: a comment that is too long
is refused whole.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from etalon.reports.machines.characters import legal
from etalon.reports.matrix import MARKS, Column, Matrix, totals
from etalon.reports.records import BAD, VERDICTS, Cluster, Verdict

COLUMNS = 12
FAILURES = 20
CHARACTERS = 30_000
"""How many columns, failures and characters there are at most."""

NAME, TEXT = 80, 300
"""How many characters a name, and another text, has at most."""


@dataclass
class _Failure:
    """An undocumented departure, over the laws and dtypes that show it."""

    op: str
    column: Column
    cause: str
    command: str
    ratio: float
    """The largest error / bound."""
    laws: dict[str, None]
    dtypes: dict[str, None]


def summary(matrix: Matrix) -> str:
    """Return the summary: totals by backend, undocumented failures, documented divergences."""
    head = ["## Etalon", "", _sentence(matrix), "", *_table(matrix)]
    tail = list(_divergences(matrix))
    room = CHARACTERS - sum(len(line) + 1 for line in (*head, *tail))
    return "\n".join([*head, *_failures(matrix, room), *tail]) + "\n"


def escaped(text: str, longest: int) -> str:
    """Return a text on one line in which nothing is Markdown or HTML, shortened if it is long."""
    line = " ".join(legal(text).split())
    short = line if len(line) <= longest else f"{line[: longest - 1]}…"
    return re.sub(r"([\\`*_\[\]~|#]|^[-+])", r"\\\1", html.escape(short, quote=False))


def code(text: str) -> str:
    """Return a text on one line as code, fenced by more backticks than it has in a row."""
    line = " ".join(legal(text).split())
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if "`" in line else ""
    return f"{fence}{space}{line}{space}{fence}"


def _sentence(matrix: Matrix) -> str:
    counted = {name: count for name, count in matrix.totals.items() if count}
    words = ", ".join(f"{MARKS[name]} {count} {name}" for name, count in counted.items())
    return words or "Nothing was judged."


def _table(matrix: Matrix) -> Iterator[str]:
    yield f"| backend | version | {' | '.join(f'{MARKS[name]} {name}' for name in VERDICTS)} |"
    yield f"|---|---|{'---:|' * len(VERDICTS)}"
    for column in matrix.columns[:COLUMNS]:
        version = matrix.version(column)
        counts = " | ".join(str(n) for n in totals(matrix.verdicts_of(column)).values())
        yield f"| {escaped(column.name, NAME)} | {escaped(version, NAME)} | {counts} |"
    if len(matrix.columns) > COLUMNS:
        yield f"| and {len(matrix.columns) - COLUMNS} more | {' |' * (len(VERDICTS) + 1)}"


def _failures(matrix: Matrix, room: int) -> list[str]:
    found = _grouped(matrix)
    if not found:
        return ["", "Nothing fails that is not documented."]
    lines: list[str] = []
    for line in map(_line, found[:FAILURES]):
        if len(line) < room - 100:  # the heading, and how many more there are
            lines.append(line)
            room -= len(line) + 1
    left = len(found) - len(lines)
    more = [f"- and {left} more"] if left else []
    return ["", f"### Not documented: {len(found)}", "", *lines, *more]


def _grouped(matrix: Matrix) -> list[_Failure]:
    found: dict[tuple[str, Column, str], _Failure] = {}
    for cell in matrix.cells:
        for verdict in cell.verdicts:
            for cause, command, ratio in _causes(verdict):
                new = _Failure(cell.op, cell.column, cause, command, ratio, {}, {})
                failure = found.setdefault((cell.op, cell.column, cause), new)
                failure.ratio = max(failure.ratio, ratio)
                failure.laws[verdict.law] = failure.dtypes[verdict.dtype] = None
    return list(found.values())


def _causes(verdict: Verdict) -> list[tuple[str, str, float]]:
    """Return each undocumented cause of a verdict: its command to replay, its largest ratio."""
    found = [
        (cluster.cause, cluster.counterexample.command, cluster.ratio)
        for cluster in verdict.clusters
        if cluster.divergence is None
    ]
    if verdict.verdict in BAD and not found:
        return [(f"{verdict.verdict}: {verdict.reason}", "", math.inf)]
    return found


def _line(failure: _Failure) -> str:
    where = f"{', '.join(failure.laws)}; {', '.join(failure.dtypes)}"
    worst = f", error / bound {failure.ratio:.3g}" if math.isfinite(failure.ratio) else ""
    head = f"{failure.op} on {failure.column.name}: {failure.cause}{worst} ({where})"
    return f"- {escaped(head, TEXT)}" + (f" {code(failure.command)}" if failure.command else "")


def _divergences(matrix: Matrix) -> Iterator[str]:
    counted = {
        column: {cluster.divergence for cluster in known}
        for column in matrix.columns
        if (known := list(_documented(matrix.verdicts_of(column))))
    }
    if counted:
        yield from ("", "### Documented divergences", "")
    for column, names in list(counted.items())[:COLUMNS]:
        yield f"- {escaped(column.name, NAME)}: {len(names)}"
    if len(counted) > COLUMNS:
        yield f"- and {len(counted) - COLUMNS} backends more"


def _documented(verdicts: Iterable[Verdict]) -> Iterator[Cluster]:
    for verdict in verdicts:
        yield from (one for one in verdict.clusters if one.divergence is not None)
