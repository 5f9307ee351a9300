"""A call that breaks a numbered constraint is refused with an error that names the problem.

How a backend takes it is recorded: ``refused, naming it``, ``refused unclearly``, ``crashed`` (an
error of its own workings, such as an assertion that failed) or ``answered silently``. The last
two break the law.
"""

from __future__ import annotations

import re
from dataclasses import replace

from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.spec.model import Constraint

CLEARLY = "refused, naming it"
UNCLEARLY = "refused unclearly"
CRASHED = "crashed"
SILENTLY = "answered silently"

INTERNAL = (SystemError, AssertionError, MemoryError, RecursionError)
"""What is raised where something broke inside."""
INTERNAL_WORDS = ("INTERNAL ASSERT FAILED", "INTERNAL:", "Check failed")


def judge(subject: Subject, case: Case) -> Outcome:
    """Make the invalid call and see what happens."""
    beyond = subject.beyond(case)
    if beyond:
        return unjudged(case, beyond)
    broken = case.op.constraint(case.breaks)
    outcome = Outcome(case=case, ratio=float("inf"), behaviour=f"{broken.id}: {SILENTLY}")
    try:
        results = subject.run(case)
    except Refused as refusal:
        return _refused(outcome, broken, refusal)
    shapes = ", ".join(str(result.shape) for result in results)
    return replace(
        outcome,
        symptom=f"answered a call that breaks {broken.id}",
        message=f"{broken.id} ({broken.says}) is broken, yet it returned an array of {shapes}",
    )


def _refused(outcome: Outcome, broken: Constraint, refusal: Refused) -> Outcome:
    text = str(refusal.raised)
    if isinstance(refusal.raised, INTERNAL) or any(word in text for word in INTERNAL_WORDS):
        return replace(
            outcome,
            symptom=f"crashed in a call that breaks {broken.id}",
            message=f"{broken.id} ({broken.says}) is broken, and it crashed: {refusal.says}",
            behaviour=f"{broken.id}: {CRASHED}",
        )
    manner = CLEARLY if _names(broken, text) else UNCLEARLY
    behaviour = f"{broken.id}: {manner}"
    return replace(outcome, ratio=0.0, compared=1, behaviour=behaviour, message=refusal.says)


def _names(broken: Constraint, text: str) -> bool:
    """Return whether an error's text names one of the arguments that the constraint is about."""
    words = "|".join(map(re.escape, broken.names))
    return re.search(rf"(?<![a-z])({words})(?![a-z])", text, re.IGNORECASE) is not None
