"""The result of an example depends on no other example of its batch.

The examples of a case are put into a larger batch, after and before examples of other numbers,
NaN and infinity among them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from etalon.conformance.cases.call import mapped
from etalon.conformance.cases.case import Case
from etalon.conformance.laws.two_calls import Arrays, axes_of, grown, holds, related
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Subject

BEFORE, AFTER = 3, 14
"""How many other examples come before and after."""


def concerns(case: Case) -> bool:
    """Return whether examples are independent under the config of a case."""
    return case.op.batch in case.known and holds(case.op.independent, case)


def judge(subject: Subject, case: Case) -> Outcome:
    """Compare the results within a larger batch with those alone."""
    op = case.op
    arguments = case.arguments()
    strangers = np.random.RandomState(case.seed)

    def among(array: Any) -> Any:
        shape = (BEFORE + AFTER, *array.shape[1:])
        if array.dtype.kind in "bi":  # masks and labels have no strange values
            others = np.resize(array, shape)
        else:
            others = strangers.choice([0.0, 1.0, -3.0, np.nan, np.inf], size=shape)
        others = others.astype(array.dtype)
        return np.concatenate([others[:BEFORE], array, others[BEFORE:]])

    batched = {name for name, tensor in op.inputs.items() if 0 in axes_of(tensor, op.batch, case)}
    if not batched:
        return unjudged(case, "no input counts examples")
    larger = {n: mapped(among, v) if n in batched else v for n, v in arguments.items()}
    outputs = [0 in axes_of(tensor, op.batch, case) for tensor in op.outputs.values()]
    count = _examples(case)

    def own(results: Arrays) -> Arrays:
        pairs = zip(results, outputs, strict=True)
        return tuple(r[BEFORE : BEFORE + count] if batch else r for r, batch in pairs)

    return related(subject, case, grown(case, op.batch, BEFORE + AFTER), larger, own)


def _examples(case: Case) -> int:
    batch: Any = case.known[case.op.batch]
    return int(batch[0] if isinstance(batch, tuple) else batch)
