"""How backends take invalid calls: by constraint, what each of them does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from etalon.reports.matrix import Column, order, place
from etalon.reports.records import Verdict
from etalon.spec import catalogue

MANNERS = {
    "refused, naming it": "conforms",
    "refused unclearly": "diverges",
    "crashed": "fails",
    "answered silently": "fails",
}
"""What can happen, the best first, with the verdict in whose colour it is shown."""


@dataclass(frozen=True)
class Row:
    """One constraint of one op, and what each backend does with a call that breaks it."""

    op: str
    constraint: str
    says: str
    found: dict[Column, tuple[str, ...]]

    def worst(self, column: Column) -> str:
        """Return the worst that a backend does, as the verdict in whose colour it is shown."""
        known = [manner for manner in MANNERS if manner in self.found[column]]
        return MANNERS[known[-1]] if known else "skipped"


@dataclass(frozen=True)
class Refusals:
    """All constraints that were broken, by row and column."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def refusals(verdicts: Iterable[Verdict]) -> Refusals:
    """Arrange what verdicts say of invalid calls, over all dtypes."""
    grouped: dict[tuple[str, str], dict[Column, dict[str, None]]] = {}
    for verdict in verdicts:
        column = Column(verdict.backend, verdict.device, verdict.mode)
        for behaviour in verdict.behaviours:
            constraint, _, manner = behaviour.partition(": ")
            row = grouped.setdefault((verdict.op, constraint), {})
            row.setdefault(column, {})[manner] = None
    columns = sorted({column for row in grouped.values() for column in row}, key=order)
    rows = tuple(
        Row(op, constraint, _says(op, constraint), {c: tuple(sorted(row[c])) for c in row})
        for (op, constraint), row in sorted(grouped.items(), key=lambda i: (place(i[0][0]), i[0]))
    )
    return Refusals(tuple(columns), rows)


def _says(op: str, constraint: str) -> str:
    found = catalogue()[op].constraints if op in catalogue() else ()
    return next((c.says for c in found if c.id == constraint), "")
