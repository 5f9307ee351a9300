"""Every number is within its bound of the exact value."""

from __future__ import annotations

from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.comparison import compare
from etalon.conformance.subjects.outcomes import Outcome, refused
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.conformance.truths.values import truth_of

NUMBERED = AUDITED = WHOLE = LONG = SHAPED = True


def judge(subject: Subject, case: Case) -> Outcome:
    """Compare a case with the truth; a valid call that is refused breaks the law."""
    try:
        return compare(case, subject.run(case), truth_of(case, subject.precision(case.dtype)))
    except Refused as refusal:
        return refused(case, refusal.__cause__, refusal.says)
