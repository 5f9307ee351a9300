"""What a backend answers where nothing is claimed: numbers whose bound is infinite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from etalon.conformance.arithmetic import formats
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.cases.case import Case
from etalon.conformance.characteristics.bench import Array, Bench, Finding
from etalon.conformance.judging.sampling import sample
from etalon.conformance.subjects.subject import Refused
from etalon.conformance.truths.values import truth_of
from etalon.spec.words import SPECIAL_VALUES, VALUES

PROFILE = "smoke"
"""The cases of which profile are looked at: they are judged anyway."""
KINDS = ("NaN", "infinite", "zero", "near", "clamped", "other")
"""How a number may be answered, in words; each is of the first kind that it is of."""


def answers(bench: Bench) -> Iterator[Finding]:
    """Measure what the numbers are about which nothing is claimed."""
    found: Counter[str] = Counter()
    for case in _cases(bench):
        try:
            results = bench.subject.run(case)
        except Refused:
            continue
        truths = truth_of(case, bench.subject.precision(case.dtype))
        for got, truth in zip(results, truths, strict=False):
            if got.shape == truth.shape:
                found.update(_counted(got, truth))
    if found:
        kinds = [kind for kind in KINDS if found[kind]]
        detail = ", ".join(f"{found[kind]} {kind}" for kind in kinds)
        total = sum(found.values())
        yield Finding(
            "where nothing is claimed", ", ".join(kinds), f"Of {total} numbers: {detail}."
        )


def _cases(bench: Bench) -> Iterator[Case]:
    drawn = (
        case
        for law in (VALUES, SPECIAL_VALUES)
        if law in bench.op.laws
        for case in sample(bench.op, law, bench.dtype, PROFILE, 0)
    )
    yield from {case.id: case for case in drawn}.values()


def _counted(got: Array, truth: Bounded) -> Counter[str]:
    """Return how often each kind is answered.

    Near is what agrees with the exact value to half of the digits; clamped is the largest number
    of the dtype, of either sign.
    """
    open_ = ~np.isfinite(truth.usable)
    working = truth.precision
    numbers, values = got.astype(truth.value.dtype)[open_], truth.value[open_]
    with np.errstate(all="ignore"):
        near = np.abs(numbers - values) <= 2.0 ** -(working.digits // 2) * np.abs(values)
    largest = formats.find(working.dtype.name).largest
    is_ = {
        "NaN": np.isnan(numbers),
        "infinite": np.isinf(numbers),
        "zero": numbers == 0,
        "near": near,
        "clamped": np.abs(numbers) == largest,
    }
    kinds = np.select([is_[kind] for kind in KINDS[:-1]], KINDS[:-1], KINDS[-1])
    return Counter(kinds.tolist())
