"""Whether two runs can be compared: what was judged in each, and what else differs between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from etalon.reports.matrix import Column, Matrix, order
from etalon.reports.records import Run

NOTHING_IN_COMMON = "the two have no verdict in common, so nothing was compared"

CIRCUMSTANCES = {
    "profile": "the profile of {columns} is another, so other cases were judged: {old} → {new}",
    "seed": "the seed of {columns} is another, so other cases were judged: {old} → {new}",
    "edition": "the edition of {columns} is another, so names mean something else: {old} → {new}",
    "platform": "the platform of {columns} is another: {old} → {new}",
    "etalon": "{columns} was judged by another version of Etalon: {old} → {new}",
}
"""What has to be the same on both sides, by its field of a run, and what to say where it is not."""


def versions(old: Matrix, new: Matrix) -> dict[Column, tuple[str, str]]:
    """Return what was judged in each column, then and now; empty where nothing was."""
    columns = sorted({*old.columns, *new.columns}, key=order)
    return {column: (old.version(column), new.version(column)) for column in columns}


def differences(old: Matrix, new: Matrix, common: int) -> Iterator[str]:
    """Yield in a sentence each why the two can't be compared like with like.

    Args:
        old: the run that is compared with.
        new: the run that is judged by the comparison.
        common: how many verdicts are in both.
    """
    if not common:
        yield NOTHING_IN_COMMON
    for field, sentence in CIRCUMSTANCES.items():
        yield from _differing(old, new, field, sentence)
    for name, matrix in (("old", old), ("new", new)):
        yield from _incomplete(name, matrix)


def _differing(old: Matrix, new: Matrix, field: str, sentence: str) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for column in sorted({*old.columns} & {*new.columns}, key=order):
        sides = _values(old.runs_of(column), field), _values(new.runs_of(column), field)
        if all(sides) and sides[0] != sides[1]:
            found.setdefault(sides, []).append(column.name)
    for (before, after), names in found.items():
        yield sentence.format(columns=", ".join(names), old=before, new=after)


def _values(runs: Iterable[Run], field: str) -> str:
    return ", ".join(sorted({str(getattr(run, field)) for run in runs}))


def _incomplete(name: str, matrix: Matrix) -> Iterator[str]:
    for column in matrix.columns:
        if early := matrix.early(column):
            yield f"the {name} run of {column.name} {early}"
