"""What the laws that relate two calls share: another call that must give the same results.

The results of the two calls are compared with one another, not with the truth: a departure from
the truth is the law of values' to find. Each may be off by its own bound, so they may differ by
the sum of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.subjects.comparison import compare, misshapen
from etalon.conformance.subjects.outcomes import Outcome, refused, unjudged
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.conformance.truths.values import known_truth, truth_of
from etalon.spec.expressions import evaluate, names
from etalon.spec.model import Tensor

Array = npt.NDArray[Any]
Arrays = tuple[Array, ...]
Undo = Callable[[Arrays], Arrays]

UNANSWERED = "no valid call was answered; other laws say why"
MISSHAPEN = "results have the wrong shape; shape_and_dtype says which"
SAME_CALL = "the other call would be the same"


def related(
    subject: Subject, case: Case, other: Case, arguments: Mapping[str, Argument], undo: Undo
) -> Outcome:
    """Judge a call that must give the results of a case, where the subject may be asked for both.

    Args:
        subject: the backend.
        case: the case.
        other: the config of the other call.
        arguments: the arrays of the other call.
        undo: makes of its results what has to be those of the case, all or the first of them.
    """
    beyond = subject.beyond(other)
    if beyond or (other == case and _same(arguments, case.arguments())):
        return unjudged(case, beyond or SAME_CALL)
    try:
        results = subject.run(case)
    except Refused:
        return unjudged(case, UNANSWERED)
    working = subject.precision(case.dtype)
    mine = truth_of(case, working)
    if misshapen(case, results, mine):
        return unjudged(case, MISSHAPEN)
    try:
        found = subject.answer(other, arguments)
    except Refused as refusal:
        return refused(case, refusal.__cause__, refusal.says)
    theirs = known_truth(other, arguments, working)
    wrong = misshapen(case, found, theirs)
    if wrong:
        return wrong
    slack = undo(tuple(part.usable for part in theirs))
    wanted = tuple(_within(*part) for part in zip(results, mine, slack, strict=False))
    return compare(case, undo(found), wanted)


def _same(arguments: Mapping[str, Argument], others: Mapping[str, Argument]) -> bool:
    """Return whether two calls are given the same bits."""
    return all(_bits(arguments[name]) == _bits(others[name]) for name in others)


def _bits(argument: Argument) -> list[bytes]:
    arrays = argument if isinstance(argument, list) else [argument]
    return [b"" if array is None else array.tobytes() for array in arrays]


def grown(case: Case, dim: str, count: int) -> Case:
    """Return the case with more entries of a dimension; of a tuple, the first number counts."""
    value: Any = case.known[dim]
    larger = (value[0] + count, *value[1:]) if isinstance(value, tuple) else value + count
    return replace(case, assignment={**case.assignment, dim: larger})


def _within(result: Array, exact: Bounded, slack: Array) -> Bounded:
    """Return a backend's result as the value to compare with, and by how much it may differ."""
    value = result.astype(exact.value.dtype)
    if value.shape != exact.shape:
        return exact
    special = ~np.isfinite(value) & np.isfinite(exact.value)
    bound = np.where(special, np.inf, exact.usable + np.abs(slack))
    return Bounded(value, bound, exact.precision)


def holds(rule: str, case: Case) -> bool:
    """Return whether a rule of the spec, if there is one, holds for a case."""
    return bool(rule) and bool(evaluate(rule, case.known))


def axes_of(tensor: Tensor, dim: str, case: Case) -> tuple[int, ...]:
    """Return the axes of an array along which a dimension's entries lie.

    Of a dimension that is a tuple, that is the first of its axes, or the one that is its sum.
    """
    found, position = [], 0
    for token in tensor.layout(case.known).split():
        expression = token.removeprefix("*")
        starred = token.startswith("*")
        width = len(_value(expression, tensor, case)) if starred else 1
        mine = dim in names(expression) if starred else expression in (dim, f"sum({dim})")
        if mine and width:
            found.append(position)
        position += width
    return tuple(found)


def _value(expression: str, tensor: Tensor, case: Case) -> Sequence[Any]:
    sizes: Any = case.known[tensor.each] if tensor.each else ()
    first = {"size": sizes[0], "index": 0} if tensor.each else {}
    value: Sequence[Any] = evaluate(expression, {**case.known, **first})
    return value
