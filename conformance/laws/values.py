"""Every number is within its bound of the exact value; random ones follow their distribution."""

from __future__ import annotations

from etalon.conformance.arithmetic.truth import truth
from etalon.conformance.cases.case import Case
from etalon.conformance.judging import distributions
from etalon.conformance.judging.comparison import compare
from etalon.conformance.judging.outcomes import Outcome
from etalon.conformance.judging.subject import Refused, Subject


def judge(subject: Subject, case: Case) -> Outcome:
    """Compare a case with the truth; a valid call that is refused breaks the law."""
    try:
        if case.op.distribution is not None:
            return distributions.judge(subject, case)
        return compare(case, subject.run(case), truth(case, case.arguments()))
    except Refused as refusal:
        return Outcome(
            case=case,
            symptom=f"refused with {type(refusal.__cause__).__name__}",
            message=f"refused a valid call: {refusal.says}",
            ratio=float("inf"),
        )
