"""Random results follow their distribution, judged by tests with a proven error rate."""

from __future__ import annotations

from etalon.conformance.cases.case import Case
from etalon.conformance.judging import families
from etalon.conformance.judging.outcomes import Outcome, refused
from etalon.conformance.judging.subject import Refused, Subject
from etalon.spec.model import STRATA as ALL

STRATA = tuple(ALL)


def judge(subject: Subject, case: Case) -> Outcome:
    """Test the random numbers of a case; a valid call that is refused breaks the law."""
    try:
        return families.judge(subject, case)
    except Refused as refusal:
        return refused(case, refusal.__cause__, refusal.says)
