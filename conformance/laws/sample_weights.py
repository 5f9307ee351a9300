"""Weights of 1 change nothing, and an example of weight 0 counts for nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from etalon.conformance.cases.call import mapped
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.laws.two_calls import Arrays, axes_of, grown, holds, related
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Subject
from etalon.spec.expressions import evaluate, names
from etalon.spec.shapes import resolve
from etalon.spec.words import SAMPLE_WEIGHT

ADDED = 2
"""How many examples of weight 0 are added."""


def concerns(case: Case) -> bool:
    """Return whether the reduction of a case does not count the examples of weight 0."""
    if not _weighted(case):
        return True
    counted = case.known.get("reduction") == "sum_over_batch_size"
    return not counted and bool(_dim(case))


def judge(subject: Subject, case: Case) -> Outcome:
    """Weight all examples by 1, or add examples of weight 0."""
    return _with_zeros(subject, case) if _weighted(case) else _with_ones(subject, case)


def _weighted(case: Case) -> bool:
    """Return whether the examples of a case have weights."""
    rule = case.op.inputs[SAMPLE_WEIGHT].optional
    return rule is None or bool(evaluate(rule, case.known))


def _with_ones(subject: Subject, case: Case) -> Outcome:
    tensor = case.op.inputs[SAMPLE_WEIGHT]
    other = next((other for other in _others(case) if _weighted(other)), None)
    if other is None:
        return unjudged(case, "no call has weights")
    ones = np.ones(resolve(tensor.layout(other.known), other.known), case.dtype)
    return related(subject, case, other, {**case.arguments(), SAMPLE_WEIGHT: ones}, lambda r: r)


def _others(case: Case) -> Iterator[Case]:
    """Yield the case with each value of what decides whether there are weights, and with true."""
    domains = {**case.op.config, **case.op.dims}
    flags = sorted(names(case.op.inputs[SAMPLE_WEIGHT].optional or ""))
    for values in itertools.product(*((*domains[flag].values, True) for flag in flags)):
        yield replace(case, assignment={**case.assignment, **dict(zip(flags, values, strict=True))})


def _with_zeros(subject: Subject, case: Case) -> Outcome:
    dim, own = _dim(case), case.arguments()
    arguments = {name: _longer(case, dim, name, value) for name, value in own.items()}
    weight: Any = own[SAMPLE_WEIGHT]

    def without(results: Arrays) -> Arrays:
        return tuple(r[: len(weight)] if r.ndim else r for r in results)

    return related(subject, case, _more(case, dim), arguments, without)


def _more(case: Case, dim: str) -> Case:
    """Return the case with the examples that are added: a metric is fed them as a batch more."""
    value: Any = case.known[dim]
    if f"sum({dim})" not in case.op.inputs[SAMPLE_WEIGHT].layout(case.known).split():
        return grown(case, dim, ADDED)
    return replace(case, assignment={**case.assignment, dim: (*value, ADDED)})


def _dim(case: Case) -> str:
    """Return the dimension that counts the weights, where its entries may be exchanged."""
    weight = case.op.inputs[SAMPLE_WEIGHT]
    found = (dim for dim, rule in case.op.exchangeable.items() if holds(rule, case))
    return next((dim for dim in found if 0 in axes_of(weight, dim, case)), "")


def _longer(case: Case, dim: str, name: str, value: Argument) -> Argument:
    """Return an array with examples added at the end: repeated ones, of weight 0."""

    def longer(array: Any) -> Any:
        first = np.repeat(array[:1], ADDED, axis=0)
        return np.concatenate([array, np.zeros_like(first) if name == SAMPLE_WEIGHT else first])

    if value is None or 0 not in axes_of(case.op.tensors[name], dim, case):
        return value
    found: Argument = mapped(longer, value)
    return found
