"""Covering arrays: every pair of values of two hyperparameters in at least one valid row.

Rows are constructed, not filtered: values are chosen one by one, and a choice that breaks a
constraint of the op is taken back at once.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from etalon.spec.expressions import evaluate, names
from etalon.spec.model import Op, Value
from etalon.spec.shape_functions import UnknownName

Row = dict[str, Value]
Order = Callable[[str, Row], Iterable[Value]]
Pair = frozenset[tuple[str, Value]]

STRATUM = "stratum"
"""The name under which a row holds its stratum, beside config and dimensions."""

EMPTY = "empty_batch"
"""The stratum that replaces the batch dimension, whatever a row says of it."""


@cache
def rows(op: Op) -> tuple[Row, ...]:
    """Return a covering array for an op, deterministic, its simplest valid row first.

    A row assigns config, dimensions and stratum; in the stratum ``empty_batch`` the batch
    dimension is already 0.
    """
    domains = _domains(op)
    chooser = random.Random(op.id)
    first = next(_completions(op, domains, {}, lambda name, row: domains[name]))
    found = [_effective(op, first)]
    uncovered = _pairs(domains) - pairs_of(found[0])
    for pair in sorted(uncovered, key=lambda pair: sorted(map(repr, pair))):
        if pair not in uncovered:
            continue
        row = _row_with(op, domains, pair, uncovered, chooser)
        uncovered.discard(pair)
        if row is not None:
            found.append(_effective(op, row))
            uncovered -= pairs_of(found[-1])
    return (*found, *_emptied(op, domains, found))


def _emptied(op: Op, domains: Mapping[str, tuple[Value, ...]], found: Sequence[Row]) -> list[Row]:
    """Return a row with an empty batch where none has one, since no other domain pairs with it."""
    if EMPTY not in op.strata or any(row[STRATUM] == EMPTY for row in found):
        return []
    start: Row = {STRATUM: EMPTY}
    row = next(_completions(op, domains, start, lambda name, _: domains[name]), None)
    return [] if row is None else [_effective(op, row)]


def spanning(found: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows that have a value which none before them has."""
    seen: set[tuple[str, Value]] = set()
    chosen = []
    for row in found:
        if not seen.issuperset(row.items()):
            seen.update(row.items())
            chosen.append(row)
    return tuple(chosen)


@cache
def free_rows(op: Op, seed: int, count: int) -> tuple[Row, ...]:
    """Return valid rows drawn at random, without regard to what they cover."""
    domains, chooser = _domains(op), random.Random(seed)

    def shuffled(name: str, row: Row) -> list[Value]:
        return chooser.sample(domains[name], len(domains[name]))

    found = (next(_completions(op, domains, {}, shuffled)) for _ in range(count))
    return tuple(_effective(op, row) for row in found)


def _domains(op: Op) -> dict[str, tuple[Value, ...]]:
    choices = {name: choice.values for name, choice in {**op.config, **op.dims}.items()}
    return {STRATUM: op.strata, **choices}


def _pairs(domains: Mapping[str, tuple[Value, ...]]) -> set[Pair]:
    return {
        frozenset({(a, x), (b, y)})
        for a, b in itertools.combinations(domains, 2)
        for x in domains[a]
        for y in domains[b]
    }


def pairs_of(row: Row) -> frozenset[Pair]:
    """Return the pairs of values that a row has."""
    return _pairs_of(tuple(row.items()))


@lru_cache(maxsize=512)
def _pairs_of(items: tuple[tuple[str, Value], ...]) -> frozenset[Pair]:
    return frozenset(frozenset(pair) for pair in itertools.combinations(items, 2))


def _row_with(
    op: Op,
    domains: Mapping[str, tuple[Value, ...]],
    pair: Pair,
    uncovered: set[Pair],
    chooser: random.Random,
) -> Row | None:
    """Complete a pair to a valid row that covers many others; ``None`` where there is none."""
    start: Row = dict(sorted(pair))
    emptied = op.batch in start
    if not _valid(op, start, start) or (emptied and start.get(STRATUM) == EMPTY):
        return None

    def preferred(name: str, row: Row) -> list[Value]:
        def gain(value: Value) -> int:
            return sum(frozenset({(name, value), other}) in uncovered for other in row.items())

        values = [v for v in domains[name] if not (emptied and name == STRATUM and v == EMPTY)]
        chooser.shuffle(values)
        return sorted(values, key=gain, reverse=True)

    return next(_completions(op, domains, start, preferred), None)


def _completions(
    op: Op, domains: Mapping[str, tuple[Value, ...]], row: Row, order: Order
) -> Iterator[Row]:
    name = next((name for name in domains if name not in row), None)
    if name is None:
        yield {name: row[name] for name in domains}
        return
    for value in order(name, row):
        extended = {**row, name: value}
        if _valid(op, extended, [name]):
            yield from _completions(op, domains, extended, order)


def _valid(op: Op, row: Row, chosen: Iterable[str]) -> bool:
    """Return whether a row that was valid before the values of these names were chosen still is."""
    known = _effective(op, row)
    return all(_holds(rule, known) for name in chosen for rule in _rules(op, name))


@lru_cache(maxsize=64)
def _rules(op: Op, name: str) -> tuple[str, ...]:
    """Return the rules that a value may break: a stratum may change the batch dimension, too."""
    changed = {name, op.batch} if name == STRATUM else {name}
    rules = (constraint.rule for constraint in op.constraints)
    return tuple(rule for rule in rules if rule is not None and changed & names(rule))


def _holds(rule: str, known: Row) -> bool:
    try:
        return bool(evaluate(rule, known))
    except UnknownName:
        return True


def _effective(op: Op, row: Row) -> Row:
    """Return the row with the batch dimension emptied where its stratum says so."""
    batch = row.get(op.batch)
    if row.get(STRATUM) != EMPTY or batch is None:
        return row
    return {**row, op.batch: (0, *batch[1:]) if isinstance(batch, tuple) else 0}
