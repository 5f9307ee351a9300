"""Which cases a cell is judged by: Hypothesis draws them from the op's covering array."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from etalon import spec
from etalon.conformance.cases.case import Case
from etalon.conformance.cases.configs import STRATUM, Row, free_rows, rows
from etalon.spec.model import INVALID_CALLS, Op

SCALES = (1.0, 0.001, 30.0)
T = TypeVar("T")
SEEDS = 2**31
INVALID_ROWS = 4
"""How many valid calls each constraint is broken in."""


@dataclass(frozen=True)
class Profile:
    """How much is judged: so many cases of each op, law and dtype."""

    cases: int
    random_cases: int
    shrinking: int
    free_rows: int = 0
    """How many configs are drawn freely, beside those of the covering array."""


PROFILES = {
    "quick": Profile(cases=64, random_cases=56, shrinking=100),
    "full": Profile(cases=160, random_cases=64, shrinking=300),
    "explore": Profile(cases=4096, random_cases=256, shrinking=1000, free_rows=500),
}


def sample(op: Op, law: str, dtype: str, profile: str, seed: int) -> tuple[Case, ...]:
    """Return the cases of a cell. They depend on nothing but the arguments."""
    if law == INVALID_CALLS:
        return _invalid(op, dtype, seed)
    return _valid(op.id, dtype, profile, seed)


@lru_cache(maxsize=8)
def _valid(op_id: str, dtype: str, profile: str, seed: int) -> tuple[Case, ...]:
    """Return every row of the covering array once, then what Hypothesis draws.

    It likes to draw a case again, so it is asked for twice as many as are needed.
    """
    op = spec.find(op_id)
    size = PROFILES[profile].random_cases if op.distribution else PROFILES[profile].cases
    base = zlib.crc32(f"{op_id} {dtype} {seed}".encode())
    first = [_case(op, dtype, row, 1.0, (base + i) % SEEDS) for i, row in enumerate(rows(op_id))]
    drawn: dict[str, Case] = {case.id: case for case in first}
    if size > len(first):
        free = free_rows(op_id, base, PROFILES[profile].free_rows)
        _draw(cases(op, dtype, free), 2 * size, base, lambda c: drawn.setdefault(c.id, c))
    return tuple(drawn.values())[: max(size, len(first))]


def _draw(
    strategy: st.SearchStrategy[Case], count: int, seed: int, keep: Callable[[Case], Any]
) -> None:
    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def run(case: Case) -> None:
        keep(case)

    run()


def cases(op: Op, dtype: str, more: tuple[Row, ...] = ()) -> st.SearchStrategy[Case]:
    """Return a strategy that shrinks the config first, then the scale, then the seed.

    Configs are those of the covering array, and ``more``.
    """
    scales = (1.0,) if op.strata == ("drawn",) else SCALES
    return st.builds(
        lambda row, scale, seed: _case(op, dtype, row, scale, seed),
        _one_of((*rows(op.id), *more)),
        _one_of(scales),
        _bits(31),
    )


def _bits(count: int) -> st.SearchStrategy[int]:
    """Return a strategy for numbers of so many bits, each drawn by itself.

    Hypothesis mixes integers that stand in the source files of a checkout, but not in those of an
    installed package, into the integers that it draws. It has none to mix into booleans, so the
    same seed gives the same cases wherever Etalon lies.
    """
    flags = st.tuples(*[st.booleans()] * count)
    return flags.map(lambda bits: sum(bit << i for i, bit in enumerate(reversed(bits))))


def _one_of(values: tuple[T, ...]) -> st.SearchStrategy[T]:
    """Return a strategy for one of these values, the first being the simplest."""
    return _bits(16).map(lambda number: values[number * len(values) >> 16])


def _case(op: Op, dtype: str, row: Row, scale: float, seed: int) -> Case:
    assignment = {name: value for name, value in row.items() if name != STRATUM}
    return Case(op, dtype, str(row[STRATUM]), scale, seed, assignment)


def _invalid(op: Op, dtype: str, seed: int) -> tuple[Case, ...]:
    """Break each constraint that can be broken, in several valid calls on ordinary numbers."""
    ordinary = [row for row in rows(op.id) if row[STRATUM] in ("normal", "drawn")]
    return tuple(
        replace(_case(op, dtype, row, 1.0, seed), breaks=constraint.id)
        for constraint in op.constraints
        if constraint.breach is not None
        for row in ordinary[:INVALID_ROWS]
    )


def smallest(case: Case, fails: Callable[[Case], bool], profile: str) -> Case:
    """Return the simplest case that Hypothesis finds to fail, or ``case`` itself."""
    if case.breaks:
        return case
    settings = hypothesis.settings(
        max_examples=PROFILES[profile].shrinking,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        found: Case = hypothesis.find(
            cases(case.op, case.dtype), fails, settings=settings, random=random.Random(case.seed)
        )
    except hypothesis.errors.NoSuchExample:
        return case
    return min(case, found, key=lambda c: c.size)
