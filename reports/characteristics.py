"""Characteristics of several runs as one table: where frameworks differ comes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from etalon.reports.matrix import Column, order, place
from etalon.reports.records import Characteristic


@dataclass(frozen=True)
class Row:
    """One characteristic of one op, as each backend was found to have it."""

    op: str
    name: str
    dtype: str
    found: dict[Column, Characteristic]

    @property
    def differs(self) -> bool:
        """Whether the backends that were measured differ."""
        return len({characteristic.finding for characteristic in self.found.values()}) > 1

    @property
    def usual(self) -> str:
        """What most backends have; of several such findings, the first."""
        findings = [characteristic.finding for characteristic in self.found.values()]
        return max(findings, key=findings.count)


@dataclass(frozen=True)
class Table:
    """All characteristics by row and column."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def groups(self) -> dict[str, list[Row]]:
        """The rows under a heading each, those in which backends differ first; no empty group."""
        differing = [row for row in self.rows if row.differs]
        agreeing = [row for row in self.rows if not row.differs]
        named = {"backends differ": differing, "backends agree": agreeing}
        return {name: rows for name, rows in named.items() if rows}

    def of(self, op: str) -> Table:
        """The rows of one op."""
        return Table(self.columns, tuple(row for row in self.rows if row.op == op))


def table(characteristics: Iterable[Characteristic]) -> Table:
    """Arrange characteristics; of two about the same, the later counts."""
    grouped: dict[tuple[str, str, str], dict[Column, Characteristic]] = {}
    for found in characteristics:
        row = grouped.setdefault((found.op, found.name, found.dtype), {})
        row[Column(found.backend, found.device, found.mode)] = found
    columns = sorted({column for row in grouped.values() for column in row}, key=order)
    rows = tuple(
        Row(op, name, dtype, {c: row[c] for c in columns if c in row})
        for (op, name, dtype), row in sorted(grouped.items(), key=lambda item: place(item[0][0]))
    )
    return Table(tuple(columns), rows)
