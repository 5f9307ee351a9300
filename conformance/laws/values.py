"""Every number is within its bound of the exact value; random ones follow their distribution."""

from __future__ import annotations

from etalon.conformance import distributions
from etalon.conformance.cases import Case
from etalon.conformance.comparison import compare
from etalon.conformance.outcomes import Outcome
from etalon.conformance.subject import Refused, Subject
from etalon.conformance.truth import truth


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
