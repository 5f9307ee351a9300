"""Random results follow their distribution, judged by tests with a proven error rate."""

from __future__ import annotations

from etalon.conformance.cases.case import Case
from etalon.conformance.laws import distribution_families
from etalon.conformance.laws.shape_and_dtype import shapes
from etalon.conformance.laws.two_calls import MISSHAPEN
from etalon.conformance.subjects.outcomes import Outcome, refused, unjudged
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.spec.words import STRATA as ALL

STRATA = tuple(ALL)
AUDITED = WHOLE = SHAPED = True


def judge(subject: Subject, case: Case) -> Outcome:
    """Test the random numbers of a case; a valid call that is refused breaks the law."""
    try:
        if [result.shape for result in subject.run(case)] != shapes(case):
            return unjudged(case, MISSHAPEN)
        return distribution_families.judge(subject, case)
    except Refused as refusal:
        return refused(case, refusal.__cause__, refusal.says)
