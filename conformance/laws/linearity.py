"""A multiple of the input gives that multiple of the result.

The factor is a power of two, which changes no digit, with a minus sign: what is clipped, added
unasked or taken as a magnitude shows.
"""

from __future__ import annotations

from typing import Any

from etalon.conformance.cases.calling import mapped
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.outcomes import Outcome
from etalon.conformance.judging.relations import Arrays, holds, related
from etalon.conformance.judging.subject import Subject

FACTOR = -256.0


def concerns(case: Case) -> bool:
    """Return whether the op is linear under the config of a case."""
    return holds(case.op.linear, case)


def judge(subject: Subject, case: Case) -> Outcome | None:
    """Multiply what the op is linear in, and divide the first result again."""

    def multiplied(array: Any) -> Any:
        return array * array.dtype.type(FACTOR)

    arguments = {
        name: mapped(multiplied, value) if name in case.op.linear_in else value
        for name, value in case.arguments().items()
    }

    def divided(results: Arrays) -> Arrays:
        return (results[0] / results[0].dtype.type(FACTOR),)

    return related(subject, case, case, arguments, divided)
