"""Batches fed in any split give what they give all at once, and one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from etalon.conformance.cases.case import Case
from etalon.conformance.laws.two_calls import related
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Subject


def judge(subject: Subject, case: Case) -> Outcome:
    """Feed the examples of a case in other splits; return the first that is wrong, or judged."""
    splits: Any = case.known["splits"]
    examples = sum(splits)
    others = ((examples,), (1,) * examples, (examples - 1, 0, 1))
    outcomes = []
    for other in others:
        assignment = {**case.assignment, "splits": other}
        again = replace(case, assignment=assignment)
        outcomes.append(related(subject, case, again, case.arguments(), lambda results: results))
        if not outcomes[-1].holds:
            return outcomes[-1]
    return next((outcome for outcome in reversed(outcomes) if outcome.judges), outcomes[-1])
