"""A shifted input gives the shifted result: the input of a case, within a larger one.

It lies a whole number of strides from the edge, among other numbers, so that the windows over it
see nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from etalon.conformance.cases.case import Case
from etalon.conformance.laws.shape_and_dtype import shapes
from etalon.conformance.laws.two_calls import Array, Arrays, axes_of, holds, related
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Subject

STEPS = 3
"""By how many strides the input is shifted."""
BEYOND = 11
"""How many positions are added at the far end."""


def concerns(case: Case) -> bool:
    """Return whether windows slide without padding under the config of a case."""
    return any(holds(rule, case) for rule in case.op.translates.values())


def judge(subject: Subject, case: Case) -> Outcome:
    """Compare the results over the larger input, where the case's own lies, with its own."""
    op, arguments = case.op, case.arguments()
    dim = next(dim for dim, rule in op.translates.items() if holds(rule, case))
    slid = {name: axes for name, t in op.inputs.items() if (axes := axes_of(t, dim, case))}
    if len(slid) != 1:
        return unjudged(case, f"the windows slide over {len(slid)} inputs")
    ((name, (first, *_)),) = slid.items()
    strides: Any = case.known["strides"]
    lengths: Any = case.known[dim]
    x: Any = arguments[name]
    larger = _embedded(x, first, [s * STEPS for s in strides], case.seed)
    grown = tuple(n + s * STEPS + BEYOND for n, s in zip(lengths, strides, strict=True))
    other = replace(case, assignment={**case.assignment, dim: grown})

    def own(results: Arrays) -> Arrays:
        pairs = zip(results, shapes(case), strict=True)
        return tuple(_part(result, first, len(lengths), shape) for result, shape in pairs)

    return related(subject, case, other, {**arguments, name: larger}, own)


def _embedded(x: Array, first: int, shift: list[int], seed: int) -> Array:
    """Return ``x`` within other numbers, shifted along its spatial axes from ``first`` on."""
    axes = range(first, first + len(shift))
    shape = list(x.shape)
    place = [slice(None)] * x.ndim
    for axis, before in zip(axes, shift, strict=True):
        shape[axis] += before + BEYOND
        place[axis] = slice(before, before + x.shape[axis])
    larger = np.random.RandomState(seed).standard_normal(shape).astype(x.dtype)
    larger[tuple(place)] = x
    return larger


def _part(result: Array, first: int, axes: int, shape: tuple[int, ...]) -> Array:
    place = [slice(None)] * result.ndim
    for axis in range(first, first + axes):
        place[axis] = slice(STEPS, STEPS + shape[axis])
    return result[tuple(place)]
