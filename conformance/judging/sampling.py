"""Which cases a cell is judged by: the op's covering array, and what is drawn from it.

A failing case is made smaller by Hypothesis, which is imported then.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from etalon.conformance import laws
from etalon.conformance.cases.case import Case
from etalon.conformance.cases.covering_arrays import (
    STRATUM,
    Row,
    free_rows,
    pairs_of,
    rows,
    spanning,
)
from etalon.conformance.cases.strata import INTEGERS
from etalon.spec.expressions import evaluate
from etalon.spec.model import Op
from etalon.spec.words import DISTRIBUTION, DTYPES, INVALID_CALLS, SHAPE_AND_DTYPE

if TYPE_CHECKING:
    from hypothesis import strategies as st

SCALES = (1.0, 0.001, 30.0)
T = TypeVar("T")
SEEDS = 2**31
STEPS = 12
"""How many bits of a seed are drawn."""
AGAIN = 2
"""How often a case is drawn for each that is needed, as it may be one that was drawn before."""
INVALID_ROWS = 4
"""How many valid calls each constraint is broken in."""

FIRST = DTYPES[0]
NORMAL = "normal"
SMALL = 2.0**-5
"""The scale of the numbers whose sums are long."""


@dataclass(frozen=True)
class Profile:
    """How much is judged: so many cases of each op, law and dtype.

    The first dtype, in which most people compute, is judged most.
    """

    cases: int
    random_cases: int
    """Of each random op; these are large."""
    law_cases: int
    """By each law but that of values."""
    other_cases: int
    """By the law of values in another dtype."""
    other_law_cases: int
    """By each other law in another dtype."""
    shrinking: int
    terms: tuple[int, ...]
    """How long the sums of long cases are, in the first dtype."""
    other_terms: tuple[int, ...]
    """How long they are in another dtype."""
    every_row: bool = True
    """Whether the first dtype is judged in every row of the covering array."""
    free_rows: int = 0
    """How many configs are drawn freely, beside those of the covering array."""

    def size(self, law: str, dtype: str) -> int:
        """Return how many cases a cell has, at least."""
        whole = laws.marked(law, "WHOLE")
        if dtype != FIRST:
            return self.other_cases if whole else self.other_law_cases
        if not whole:
            return self.law_cases
        return self.random_cases if law == DISTRIBUTION else self.cases


PROFILES = {
    "smoke": Profile(
        cases=8,
        random_cases=8,
        law_cases=3,
        other_cases=4,
        other_law_cases=2,
        shrinking=50,
        terms=(257,),
        other_terms=(),
        every_row=False,
    ),
    "quick": Profile(
        cases=40,
        random_cases=24,
        law_cases=8,
        other_cases=12,
        other_law_cases=4,
        shrinking=100,
        terms=(257,),
        other_terms=(257,),
    ),
    "full": Profile(
        cases=160,
        random_cases=64,
        law_cases=32,
        other_cases=56,
        other_law_cases=12,
        shrinking=300,
        terms=(257, 1025, 4097),
        other_terms=(257, 4097),
    ),
    "explore": Profile(
        cases=4096,
        random_cases=256,
        law_cases=1024,
        other_cases=2048,
        other_law_cases=512,
        shrinking=1000,
        terms=(257, 1025, 4097, 16385),
        other_terms=(257, 4097),
        free_rows=500,
    ),
}


def sample(op: Op, law: str, dtype: str, profile: str, seed: int) -> tuple[Case, ...]:
    """Return the cases of a cell. They depend on nothing but the arguments."""
    if law == INVALID_CALLS:
        return _invalid(op, dtype, seed)
    if law == SHAPE_AND_DTYPE:
        shaped = (each for each in op.laws if laws.marked(each, "SHAPED"))
        sampled = (_valid(op, each, dtype, profile, seed) for each in shaped)
        return tuple({case.id: case for cases_ in sampled for case in cases_}.values())
    return _valid(op, law, dtype, profile, seed)


@lru_cache(maxsize=16)
def _valid(op: Op, law: str, dtype: str, profile: str, seed: int) -> tuple[Case, ...]:
    """Return rows of the covering array once, then what is drawn from them."""
    chosen = PROFILES[profile]
    size = chosen.size(law, dtype)
    base = zlib.crc32(f"{op.id} {dtype} {seed}".encode())
    own = _rows(op, law)
    whole = laws.marked(law, "WHOLE") and (
        size >= len(own) or (chosen.every_row and dtype == FIRST)
    )
    places = {id(row): place for place, row in enumerate(rows(op))}
    first = [
        _case(op, dtype, row, 1.0, (base + places[id(row)]) % SEEDS)
        for row in (own if whole else spanning(own))
    ]
    drawn: dict[str, Case] = {case.id: case for case in first}
    if own and size > len(first):
        free = free_rows(op, base, chosen.free_rows)
        among = (*own, *(row for row in free if _concerned(op, law, row)))
        chooser = random.Random(base)
        for _ in range(AGAIN * (size - len(first))):
            row, scale = chooser.choice(among), chooser.choice(_scales(op))
            case = _case(op, dtype, row, scale, (base + chooser.getrandbits(STEPS)) % SEEDS)
            drawn.setdefault(case.id, case)
    chosen_cases = tuple(drawn.values())[: max(size, len(first)) if dtype == FIRST else size]
    return (*chosen_cases, *_long(op, law, dtype, chosen, base % SEEDS))


def _long(op: Op, law: str, dtype: str, profile: Profile, seed: int) -> tuple[Case, ...]:
    """Return cases whose sums are long, where a law judges them.

    Numbers are small, so that what squashes its argument does not leave it saturated. Where an op
    is linear, integers are among them, whose sums are exact.
    """
    if not op.long or not laws.marked(law, "LONG"):
        return ()
    row = {name: value for name, value in rows(op)[0].items() if name != STRATUM}
    found = []
    for terms in profile.terms if dtype == FIRST else profile.other_terms:
        known = {"terms": terms}
        longer = {name: evaluate(value, known) for name, value in op.long.items()}
        case = Case(op, dtype, NORMAL, SMALL, seed, {**row, **longer})
        found.append(case)
        if op.linear:
            found.append(replace(case, stratum=INTEGERS, scale=1.0))
    return tuple(case for case in found if laws.concerns(law, case))


@lru_cache(maxsize=32)
def _rows(op: Op, law: str) -> tuple[Row, ...]:
    return tuple(row for row in rows(op) if _concerned(op, law, row))


def _concerned(op: Op, law: str, row: Row) -> bool:
    """Return whether a law judges a row: in any dtype, or in none."""
    return laws.concerns(law, _case(op, FIRST, row, 1.0, 0))


def coverage(op: Op, law: str, judged: Iterable[Case]) -> tuple[int, int]:
    """Return how many pairs of values the judged cases have, of how many that are possible."""
    if law == INVALID_CALLS:
        return 0, 0
    possible = set().union(*(pairs_of(row) for row in _rows(op, law)))
    had = set().union(*(pairs_of({STRATUM: case.stratum, **case.assignment}) for case in judged))
    return len(possible & had), len(possible)


def cases(op: Op, dtype: str, among: tuple[Row, ...], base: int = 0) -> st.SearchStrategy[Case]:
    """Return a strategy that shrinks the config, one of these, first, then scale and seed.

    Seeds are counted from ``base`` on.
    """
    from hypothesis import strategies as st

    return st.builds(
        lambda row, scale, step: _case(op, dtype, row, scale, (base + step) % SEEDS),
        _one_of(among),
        _one_of(_scales(op)),
        _bits(STEPS),
    )


def _scales(op: Op) -> tuple[float, ...]:
    return (1.0,) if op.strata == ("drawn",) else SCALES


def _bits(count: int) -> st.SearchStrategy[int]:
    """Return a strategy for numbers of so many bits, each drawn by itself.

    Hypothesis mixes integers that stand in the source files of a checkout, but not in those of an
    installed package, into the integers that it draws. It has none to mix into booleans, so the
    same seed gives the same cases wherever Etalon lies.
    """
    from hypothesis import strategies as st

    flags = st.tuples(*[st.booleans()] * count)
    return flags.map(lambda bits: sum(bit << i for i, bit in enumerate(reversed(bits))))


def _one_of(values: tuple[T, ...]) -> st.SearchStrategy[T]:
    """Return a strategy for one of these values, the first being the simplest."""
    bits = len(values).bit_length() + 2
    return _bits(bits).map(lambda number: values[number * len(values) >> bits])


def _case(op: Op, dtype: str, row: Row, scale: float, seed: int) -> Case:
    assignment = {name: value for name, value in row.items() if name != STRATUM}
    return Case(op, dtype, str(row[STRATUM]), scale, seed, assignment)


def _invalid(op: Op, dtype: str, seed: int) -> tuple[Case, ...]:
    """Break each constraint that can be broken, in several valid calls on ordinary numbers."""
    ordinary = [row for row in rows(op) if row[STRATUM] in ("normal", "drawn")]
    return tuple(
        replace(_case(op, dtype, row, 1.0, seed), breaks=constraint.id)
        for constraint in op.breakable
        for row in ordinary[:INVALID_ROWS]
    )


def smallest(case: Case, law: str, fails: Callable[[Case], bool], profile: str) -> Case:
    """Return the simplest case that Hypothesis finds to fail, or ``case`` itself."""
    if case.breaks or not _rows(case.op, law):
        return case
    import hypothesis
    from hypothesis import HealthCheck, Phase

    settings = hypothesis.settings(
        max_examples=PROFILES[profile].shrinking,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),  # explaining would take most of the time
    )
    try:
        found: Case = hypothesis.find(
            cases(case.op, case.dtype, _rows(case.op, law)),
            fails,
            settings=settings,
            random=random.Random(case.seed),
        )
    except hypothesis.errors.NoSuchExample:
        return case
    return min(case, found, key=lambda c: c.size)
