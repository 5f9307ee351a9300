"""Inference leaves the state alone; in training the other results do not depend on it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np

from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.laws.two_calls import UNANSWERED, Arrays, related
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Refused, Subject


def judge(subject: Subject, case: Case) -> Outcome:
    """Look at the state after inference, or train with another state."""
    return _trained(subject, case) if case.known["training"] else _inferred(subject, case)


def _inferred(subject: Subject, case: Case) -> Outcome:
    arguments = case.arguments()
    try:
        results = dict(zip(case.op.outputs, subject.run(case), strict=False))
    except Refused:
        return unjudged(case, UNANSWERED)
    if lacking := [name for name in case.op.state if name not in results]:
        return unjudged(case, f"no {' and no '.join(lacking)} is returned")
    for name in case.op.state:
        if not np.array_equal(results[name], arguments[name]):  # type: ignore[arg-type]
            message = f"{name} is not what was given, though nothing is trained"
            return Outcome(case=case, symptom="state moved", message=message, ratio=np.inf)
    return Outcome(case=case, compared=sum(results[name].size for name in case.op.state))


def _trained(subject: Subject, case: Case) -> Outcome:
    generator = np.random.RandomState(case.seed)

    def another(array: Any) -> Argument:
        moved = 7.0 + np.exp(generator.standard_normal(array.shape))
        return np.asarray(moved.astype(array.dtype))

    own = case.arguments()
    other = {n: another(v) if n in case.op.state else v for n, v in own.items()}
    kept = [name not in case.op.state for name in case.op.outputs]

    def results_but_state(results: Arrays) -> Arrays:
        return tuple(itertools.compress(results, kept))

    return related(subject, case, replace(case), other, results_but_state)
