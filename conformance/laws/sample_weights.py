"""Weights of 1 change nothing, and an example of weight 0 counts for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.laws.two_calls import Arrays, axes_of, holds, related
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.spec.shapes import resolve

WEIGHT = "sample_weight"
ADDED = 2
"""How many examples of weight 0 are added."""


def concerns(case: Case) -> bool:
    """Return whether the reduction of a case does not count the examples of weight 0."""
    if not case.known["weighted"]:
        return True
    counted = case.known.get("reduction") == "sum_over_batch_size"
    return not counted and holds(case.op.exchangeable[_dim(case)], case)


def judge(subject: Subject, case: Case) -> Outcome | None:
    """Weight all examples by 1, or add examples of weight 0."""
    return _with_zeros(subject, case) if case.known["weighted"] else _with_ones(subject, case)


def _with_ones(subject: Subject, case: Case) -> Outcome | None:
    other = replace(case, assignment={**case.assignment, "weighted": True})
    tensor = case.op.tensors[WEIGHT]
    ones = np.ones(resolve(tensor.layout(other.known), other.known), case.dtype)
    return related(subject, case, other, {**case.arguments(), WEIGHT: ones}, lambda r: r)


def _with_zeros(subject: Subject, case: Case) -> Outcome | None:
    dim, own = _dim(case), case.arguments()
    arguments = {name: _longer(case, name, value) for name, value in own.items()}
    length = _length(own)

    def without(results: Arrays) -> Arrays:
        return tuple(r[:length] if r.ndim else r for r in results)

    batch: Any = case.known[dim]
    grown = (batch[0] + ADDED, *batch[1:]) if dim == case.op.batch else (*batch, ADDED)
    other = replace(case, assignment={**case.assignment, dim: grown})
    return related(subject, case, other, arguments, without)


def _dim(case: Case) -> str:
    """Return the dimension of the examples: of metrics, that by which they are split."""
    return next(iter(case.op.exchangeable))


def _length(arguments: dict[str, Argument]) -> int:
    weight: Any = arguments[WEIGHT]
    return len(weight)


def _longer(case: Case, name: str, value: Argument) -> Argument:
    """Return an array with examples added at the end: repeated ones, of weight 0."""
    array: Any = value
    if array is None or 0 not in axes_of(case.op.inputs[name], _dim(case), case):
        return value
    first = np.repeat(array[:1], ADDED, axis=0)
    return np.concatenate([array, np.zeros_like(first) if name == WEIGHT else first])
