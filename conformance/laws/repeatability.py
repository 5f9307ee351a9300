"""The same call gives the same bits, random ones with the same seed; another seed gives others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from etalon.backends.numpy import definition
from etalon.conformance.cases.call import call
from etalon.conformance.cases.case import Case
from etalon.conformance.laws.two_calls import UNANSWERED
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Refused, Results, Subject

MANY = 64
"""Where a definition changes so many numbers, to change none by chance is rarer than 1e-9."""


def judge(subject: Subject, case: Case) -> Outcome:
    """Make the call twice, a random one with another seed, too; of refused ones, others speak."""
    try:
        first = subject.run(case)
        second = subject.answer(case, case.arguments())
        deaf = case.op.distribution is not None and _ignores_seed(subject, case, first)
    except Refused:
        return unjudged(case, UNANSWERED)
    for name, one, two in zip(case.op.outputs, first, second, strict=False):
        if one.shape != two.shape or (off := _off(one, two)):
            says = "has another shape" if one.shape != two.shape else f"differs in {off} numbers"
            message = f"{name} {says} when the call is made again"
            return Outcome(case=case, symptom="not repeatable", message=message, ratio=np.inf)
    if deaf:
        message = f"seeds {case.seed} and {_other(case).seed} give the same numbers"
        return Outcome(case=case, symptom="ignores the seed", message=message, ratio=np.inf)
    return Outcome(case=case, compared=sum(result.size for result in first))


def _ignores_seed(subject: Subject, case: Case, first: Results) -> bool:
    """Say whether another seed gives the same numbers, where by the definition many change."""
    arguments = case.arguments()
    if _off(first[0], subject.answer(_other(case), arguments)[0]):
        return False
    wide = replace(case, dtype="float64")
    with np.errstate(all="ignore"):
        one, other = (
            call(definition(case.op), seeded, arguments, np.copy)[0]
            for seeded in (wide, _other(wide))
        )
    return _off(one, other) >= MANY


def _other(case: Case) -> Case:
    return replace(case, seed=case.seed ^ 1)


def _off(one: npt.NDArray[np.generic], two: npt.NDArray[np.generic]) -> int:
    """Count the numbers whose bits differ; all NaN are alike."""
    a, b = one.astype(np.float64), two.astype(np.float64)
    alike = ((a == b) & (np.signbit(a) == np.signbit(b))) | (np.isnan(a) & np.isnan(b))
    return int(a.size - alike.sum())
