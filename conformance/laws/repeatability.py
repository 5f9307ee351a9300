"""The same call gives the same bits, random ones with the same seed included."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from etalon.conformance.cases.case import Case
from etalon.conformance.judging.outcomes import Outcome
from etalon.conformance.judging.subject import Refused, Subject


def judge(subject: Subject, case: Case) -> Outcome | None:
    """Make the call twice; of a refused one, other laws speak."""
    try:
        first = subject.run(case)
        second = subject.answer(case, case.arguments())
    except Refused:
        return None
    for name, one, two in zip(case.op.outputs, first, second, strict=False):
        if one.shape != two.shape or (off := _off(one, two)):
            says = "has another shape" if one.shape != two.shape else f"differs in {off} numbers"
            message = f"{name} {says} when the call is made again"
            return Outcome(case=case, symptom="not repeatable", message=message, ratio=np.inf)
    return Outcome(case=case, compared=sum(result.size for result in first))


def _off(one: npt.NDArray[np.generic], two: npt.NDArray[np.generic]) -> int:
    """Count the numbers whose bits differ; all NaN are alike."""
    a, b = one.astype(np.float64), two.astype(np.float64)
    alike = ((a == b) & (np.signbit(a) == np.signbit(b))) | (np.isnan(a) & np.isnan(b))
    return int(a.size - alike.sum())
