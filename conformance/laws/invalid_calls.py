"""A call that breaks a numbered constraint is refused, not answered."""

from __future__ import annotations

from etalon.conformance.cases.case import Case
from etalon.conformance.judging.outcomes import Outcome
from etalon.conformance.judging.subject import Refused, Subject


def judge(subject: Subject, case: Case) -> Outcome:
    """Make the invalid call and see it refused."""
    try:
        results = subject.run(case)
    except Refused:
        return Outcome(case=case, compared=1)
    broken = case.op.constraint(case.breaks)
    shapes = ", ".join(str(result.shape) for result in results)
    return Outcome(
        case=case,
        symptom=f"answered a call that breaks {broken.id}",
        message=f"{broken.id} ({broken.says}) is broken, yet it returned an array of {shapes}",
        ratio=float("inf"),
    )
