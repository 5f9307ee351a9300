"""The verdicts of several runs as one matrix: ops by backends, with the law and dtype inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from etalon.reports.formatting import size_of
from etalon.reports.reading import Skip, read_all
from etalon.reports.records import VERDICTS, AdapterCode, Characteristic, Run, Verdict, VerdictName
from etalon.spec import catalogue
from etalon.spec.entry_check import REFERENCE
from etalon.spec.words import DEVICES, DTYPES, EXECUTIONS, KINDS, VALUES, family

MARKS: dict[VerdictName, str] = {
    "conforms": "✓",
    "diverges": "≠",
    "fails": "✗",
    "unsupported": "–",
    "crashed": "⚡",
    "skipped": "∅",
    "nothing claimed": "○",
}
"""A sign for each verdict, so that none is told by its colour alone."""

CODES: dict[VerdictName, str] = {
    "conforms": "c",
    "diverges": "d",
    "fails": "f",
    "unsupported": "u",
    "crashed": "x",
    "skipped": "s",
    "nothing claimed": "n",
}
"""A letter for each verdict, where thousands of them are to be told."""

SEVERITY: tuple[VerdictName, ...] = (
    "crashed",
    "fails",
    "diverges",
    "nothing claimed",
    "conforms",
    "unsupported",
    "skipped",
)
"""Verdicts, the one that a cell is named after first."""


_USUAL = (DEVICES[0], EXECUTIONS[0])


@dataclass(frozen=True)
class Column:
    """One backend on one device in one mode."""

    backend: str
    device: str
    mode: str = "eager"

    @property
    def _beside(self) -> tuple[str, ...]:
        return tuple(word for word in (self.device, self.mode) if word not in _USUAL)

    @property
    def name(self) -> str:
        """The heading: device and mode are named where they are not the CPU, and eager."""
        return f"{self.backend} ({', '.join(self._beside)})" if self._beside else self.backend

    @property
    def anchor(self) -> str:
        """The column's part of the address of a cell."""
        return "-".join((self.backend, *self._beside))


@dataclass(frozen=True)
class MatrixCell:
    """All verdicts about one op in one column."""

    op: str
    column: Column
    verdicts: tuple[Verdict, ...]

    @property
    def anchor(self) -> str:
        """The address within the page: ``layers/conv2d/torch``."""
        return f"{self.op}/{self.column.anchor}"

    @property
    def verdict(self) -> VerdictName:
        """The worst verdict over laws and dtypes."""
        found = {verdict.verdict for verdict in self.verdicts}
        return next(name for name in SEVERITY if name in found)

    @property
    def version(self) -> str:
        """The version of the backend."""
        return self.verdicts[0].version

    @property
    def evidence(self) -> str:
        """What was judged, and how near to its bound the worst case that conforms comes."""
        cases = "1 case" if self.cases == 1 else f"{self.cases:,} cases"
        return f"{cases}, the conforming ones reach {self.worst_ratio:.2g} of the bound"

    @property
    def power(self) -> str:
        """The smallest gain that the law of values notices in each dtype, in words, if known."""
        found = {v.dtype: v.power for v in self.verdicts if v.law == VALUES and v.power}
        told = ", ".join(f"{size_of(found[dtype].gain)} in {dtype}" for dtype in in_order(found))
        return f"it notices a gain of {told}" if told else ""

    @property
    def cases(self) -> int:
        """Cases judged, over laws and dtypes."""
        return sum(verdict.cases for verdict in self.verdicts)

    @property
    def worst_ratio(self) -> float:
        """The largest error / bound among conforming cases."""
        return max(float(verdict.worst_ratio) for verdict in self.verdicts)


@dataclass(frozen=True)
class Matrix:
    """What a report shows: the runs, the columns, and the cells of each op by column."""

    runs: tuple[Run, ...]
    columns: tuple[Column, ...]
    rows: dict[str, dict[Column, MatrixCell]]
    characteristics: tuple[Characteristic, ...] = ()
    adapters: dict[str, dict[Column, AdapterCode]] = field(default_factory=dict)
    """How each op is written, by column."""

    @property
    def cells(self) -> list[MatrixCell]:
        """All cells, row by row."""
        return [cell for row in self.rows.values() for cell in row.values()]

    @property
    def verdicts(self) -> list[Verdict]:
        """All verdicts, cell by cell."""
        return [verdict for cell in self.cells for verdict in cell.verdicts]

    @property
    def kinds(self) -> dict[str, list[str]]:
        """The ids of the ops that have verdicts, by kind."""
        grouped: dict[str, list[str]] = {}
        for op in self.rows:
            grouped.setdefault(op.split("/")[0], []).append(op)
        return grouped

    def cells_of(self, column: Column) -> list[MatrixCell]:
        """Return the cells of a column, op by op."""
        return [row[column] for row in self.rows.values() if column in row]

    def verdicts_of(self, column: Column) -> list[Verdict]:
        """Return the verdicts of a column, cell by cell."""
        return [verdict for cell in self.cells_of(column) for verdict in cell.verdicts]

    def runs_of(self, column: Column) -> list[Run]:
        """Return the runs behind a column."""
        return [run for run in self.runs if Column(run.backend, run.device, run.mode) == column]

    def counted(self, column: Column) -> dict[VerdictName, int]:
        """Count the ops of a column by their worst verdict, with zeros."""
        found = Counter(cell.verdict for cell in self.cells_of(column))
        return {name: found[name] for name in VERDICTS}

    def version(self, column: Column) -> str:
        """Return the version of a column's backend; all, where there are several."""
        named = [run.version for run in self.runs_of(column)]
        named += [verdict.version for verdict in self.verdicts_of(column)]
        return ", ".join(dict.fromkeys(filter(None, named)))

    def early(self, column: Column) -> str:
        """Return how far the run of a column came, where it ended early; else nothing."""
        judged = len(self.verdicts_of(column))
        wanted = max((run.cells for run in self.runs_of(column)), default=0)
        return f"ended after {judged} of {wanted} verdicts" if judged < wanted else ""

    def notes(self, column: Column) -> list[str]:
        """Return what to know of the runs behind a column: profiles, and whether they ended."""
        profiles = dict.fromkeys(f"{run.profile} profile" for run in self.runs_of(column))
        return [*profiles, *filter(None, [self.early(column)])]

    @property
    def totals(self) -> dict[VerdictName, int]:
        """How many verdicts there are of each name."""
        return totals(self.verdicts)


def totals(verdicts: Iterable[Verdict]) -> dict[VerdictName, int]:
    """Count verdicts by name, in the order of the vocabulary, with zeros."""
    counted = Counter(verdict.verdict for verdict in verdicts)
    return {name: counted[name] for name in VERDICTS}


def load(paths: Iterable[Path], skip: Skip | None = None) -> Matrix:
    """Return the matrix of all record files; of two verdicts about the same, the later counts.

    Args:
        paths: record files and folders of them.
        skip: is told what can't be read; ``None`` lets nothing be skipped.

    Raises:
        CorruptRecords: a file can't be read, or with ``skip`` none can.
    """
    records = read_all(paths, skip)
    runs = tuple(record for record in records if isinstance(record, Run))
    found = matrix((record for record in records if isinstance(record, Verdict)), runs)
    measured = tuple(record for record in records if isinstance(record, Characteristic))
    written = (record for record in records if isinstance(record, AdapterCode))
    return replace(found, characteristics=measured, adapters=by_op(written))


def by_op(adapters: Iterable[AdapterCode]) -> dict[str, dict[Column, AdapterCode]]:
    """Arrange adapters by op and column; of two about the same, the later counts."""
    grouped: dict[str, dict[Column, AdapterCode]] = {}
    for adapter in adapters:
        grouped.setdefault(adapter.op, {})[Column(adapter.backend, adapter.device)] = adapter
    return {op: {c: row[c] for c in sorted(row, key=order)} for op, row in grouped.items()}


def matrix(verdicts: Iterable[Verdict], runs: Sequence[Run] = ()) -> Matrix:
    """Arrange verdicts by op and column."""
    latest = {(v.op, v.backend, v.device, v.mode, v.law, v.dtype): v for v in verdicts}
    grouped: dict[str, dict[Column, list[Verdict]]] = {}
    for verdict in latest.values():
        row = grouped.setdefault(verdict.op, {})
        row.setdefault(Column(verdict.backend, verdict.device, verdict.mode), []).append(verdict)
    columns = tuple(dict.fromkeys(column for row in grouped.values() for column in row))
    columns = tuple(sorted(columns, key=order))
    rows = {
        op: {c: MatrixCell(op, c, tuple(grouped[op][c])) for c in columns if c in grouped[op]}
        for op in sorted(grouped, key=place)
    }
    return Matrix(tuple(runs), columns, rows)


def order(column: Column) -> tuple[bool, bool, str, str, str]:
    """Put the reference first, then the frameworks, then a library on each of them."""
    reference = column.backend == REFERENCE
    return bool(family(column.backend)), not reference, column.backend, column.device, column.mode


def place(op: str) -> tuple[int, str]:
    """Return what to sort an op's id by: its kind in the order of the design, then its id."""
    entry = catalogue().get(op)
    return (KINDS.index(entry.kind) if entry else len(KINDS), op)


def in_order(dtypes: Iterable[str]) -> list[str]:
    """Return each dtype once, in the order of the vocabulary, unknown ones last."""
    places = {dtype: place for place, dtype in enumerate(DTYPES)}
    return sorted(set(dtypes), key=lambda dtype: (places.get(dtype, len(places)), dtype))
