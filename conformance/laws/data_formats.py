"""``channels_first`` gives what ``channels_last`` gives, but for the order of the axes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from etalon.conformance.cases.call import mapped
from etalon.conformance.cases.case import Case
from etalon.conformance.laws.two_calls import Array, Arrays, related
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Subject
from etalon.spec.model import Tensor

LAST, FIRST = "channels_last", "channels_first"
OTHER = {LAST: FIRST, FIRST: LAST}
"""The other format of each."""


def judge(subject: Subject, case: Case) -> Outcome:
    """Make the call in the other format, and put the axes of the results back."""
    op = case.op
    mine = case.known["data_format"]
    if mine not in OTHER:
        return unjudged(case, f"of {mine} there is no other format")
    theirs = OTHER[str(mine)]
    other = replace(case, assignment={**case.assignment, "data_format": theirs})
    to_first = theirs == FIRST
    arguments = {
        name: mapped(partial(_moved, op.tensors[name], to_first=to_first), value)
        for name, value in case.arguments().items()
    }

    def put_back(results: Arrays) -> Arrays:
        pairs = zip(op.outputs.values(), results, strict=True)
        return tuple(_moved(tensor, result, to_first=not to_first) for tensor, result in pairs)

    return related(subject, case, other, arguments, put_back)


def _moved(tensor: Tensor, array: Array, *, to_first: bool) -> Array:
    if tensor.channels_first is None or array.ndim < 2:
        return array
    return np.moveaxis(array, -1, 1) if to_first else np.moveaxis(array, 1, -1)
