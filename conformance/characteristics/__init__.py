"""What is measured but not judged: facts about a backend that are neither right nor wrong.

Each measurement is a function of a :class:`Bench` and yields what it found: nothing where it does
not apply to the op, or where the backend refuses the calls that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from etalon.conformance.characteristics import (
    accumulators,
    bits,
    kinks,
    repeating,
    specials,
    ties,
    undecided,
)
from etalon.conformance.characteristics.bench import Bench, Finding
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.reports.records import Characteristic
from etalon.spec.model import Op
from etalon.spec.words import DTYPES

Measure = Callable[[Bench], Iterator[Finding]]

DTYPE = "float32"
"""What most is measured in: the facts are the same in the other dtypes, or follow from them."""

MEASURES: tuple[Measure, ...] = (
    ties.gradient,
    ties.argmax,
    kinks.subgradients,
    specials.nan,
    specials.nan_in_argmax,
    specials.sign_of_zero,
    specials.subnormals,
    bits.significand,
    repeating.same_call,
    repeating.batch,
)
IN_FLOAT64: tuple[Measure, ...] = (bits.significand,)
IN_EACH: tuple[Measure, ...] = (accumulators.values, accumulators.gradients, undecided.answers)
"""What is measured in each dtype."""


def measured(subject: Subject, op: Op, *, brief: bool = False) -> tuple[Characteristic, ...]:
    """Return all characteristics of an op on a backend; none where it has no such op.

    Args:
        subject: the backend.
        op: the op.
        brief: whether what is measured in each dtype is left out: it takes calls of its own.
    """
    if subject.adapter(op) is None:
        return ()
    found = [*_of(Bench(subject, op, DTYPE), MEASURES)]
    found += _of(Bench(subject, op, "float64"), IN_FLOAT64)
    for dtype in (dtype for dtype in DTYPES if dtype not in subject.lacks and not brief):
        found += _of(Bench(subject, op, dtype), IN_EACH)
    return tuple(found)


def _of(bench: Bench, measures: tuple[Measure, ...]) -> Iterator[Characteristic]:
    for measure in measures:
        try:
            findings = list(measure(bench))
        except Refused:
            continue
        for finding in findings:
            yield Characteristic(
                op=bench.op.id,
                backend=bench.subject.name,
                version=bench.subject.version,
                device=bench.subject.device,
                mode=bench.subject.mode,
                dtype=bench.dtype,
                name=finding.name,
                finding=finding.finding,
                detail=finding.detail,
            )
