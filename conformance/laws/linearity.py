"""A multiple of the input gives that multiple of the result.

The factor is a power of two, which changes no digit, with a minus sign: what is clipped, added
unasked or taken as a magnitude shows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from etalon.conformance.cases.call import mapped
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.laws.two_calls import Arrays, holds, related
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Subject

FACTOR = -256.0


def concerns(case: Case) -> bool:
    """Return whether the op is linear under the config of a case."""
    return holds(case.op.linear, case)


def judge(subject: Subject, case: Case) -> Outcome:
    """Multiply what the op is linear in, and divide the first result again.

    Where the multiple is beyond the largest number of the dtype, there is nothing to say.
    """

    def multiplied(array: Any) -> Any:
        with np.errstate(over="ignore"):
            return array * array.dtype.type(FACTOR)

    arguments = {
        name: mapped(multiplied, value) if name in case.op.linear_in else value
        for name, value in case.arguments().items()
    }
    if any(_overflown(value) for value in arguments.values()):
        return unjudged(case, "the multiple is beyond the largest number")

    def divided(results: Arrays) -> Arrays:
        return (results[0] / np.dtype(case.dtype).type(FACTOR),)

    return related(subject, case, case, arguments, divided)


def _overflown(argument: Argument) -> bool:
    arrays = argument if isinstance(argument, list) else [argument]
    return any(array is not None and not np.isfinite(array).all() for array in arrays)
