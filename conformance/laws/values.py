"""Every number is within its bound of the exact value."""

from __future__ import annotations

from etalon.conformance.arithmetic.truth import truth_of
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.comparison import compare
from etalon.conformance.judging.outcomes import Outcome, refused
from etalon.conformance.judging.subject import Refused, Subject


def judge(subject: Subject, case: Case) -> Outcome:
    """Compare a case with the truth; a valid call that is refused breaks the law."""
    try:
        return compare(case, subject.run(case), truth_of(case))
    except Refused as refusal:
        return refused(case, refusal.__cause__, refusal.says)
