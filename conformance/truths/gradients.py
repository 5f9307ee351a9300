"""The truth about gradients: the reference, computed on dual arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from etalon.backends.numpy import definition
from etalon.conformance.arithmetic.bounded import Bounded, lift
from etalon.conformance.arithmetic.dual import Dual
from etalon.conformance.arithmetic.precision import Float, Precision
from etalon.conformance.arithmetic.tangent import Tangent
from etalon.conformance.cases.call import call, mapped
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.truths.known import known


@dataclass(frozen=True)
class Coordinate:
    """Where a derivative is taken: a number of one of the arrays."""

    leaf: int
    """Which of the arrays, those of lists counted one by one."""
    index: int
    """Which number of it, in row-major order."""


def gradient_truth(
    case: Case,
    arguments: Mapping[str, Argument],
    names: Sequence[str],
    cotangents: Sequence[Float],
    coordinates: Sequence[Coordinate],
    working: Precision,
) -> Bounded:
    """Return the gradient of the sum of results times cotangents, at some coordinates.

    It is computed where it is not known.

    Args:
        case: whose config is used.
        arguments: the arrays of the call, by name.
        names: the arguments that vary.
        cotangents: one array for each result of the case's dtype, in its shape.
        coordinates: where in the arguments that vary the derivative is taken.
        working: the arithmetic of the implementation that the bound is for.
    """

    def computed() -> tuple[Bounded]:
        held = _held(case, arguments, names, coordinates, working)
        return (_gradient(case, held, cotangents, len(coordinates), working),)

    asked = (names, cotangents, coordinates)
    (found,) = known("gradients", case, arguments, working, computed, *asked)
    return found


def _gradient(
    case: Case,
    held: Mapping[str, Any],
    cotangents: Sequence[Float],
    count: int,
    working: Precision,
) -> Bounded:
    """Return the gradient on arrays that have tangents, ``count`` of them."""
    with np.errstate(all="ignore"):
        results = call(definition(case.op), case, held, lambda x: x, lambda x: lift(x, working))
        numbers = [r for r, t in zip(results, case.op.outputs.values(), strict=True) if not t.dtype]
        pairs = zip(numbers, cotangents, strict=True)
        parts = [_contracted(r.tangent, c) for r, c in pairs if isinstance(r, Dual)]
        return _total(parts, count, working)


def _held(
    case: Case,
    arguments: Mapping[str, Argument],
    names: Sequence[str],
    coordinates: Sequence[Coordinate],
    working: Precision,
) -> dict[str, Any]:
    """Return the arguments as bounded arrays, a varying one with a tangent for each coordinate."""
    leaf = -1

    def varying(array: Any) -> Dual:
        nonlocal leaf
        leaf += 1
        unit = np.zeros((len(coordinates), array.size), working.truth)
        for direction, coordinate in enumerate(coordinates):
            if coordinate.leaf == leaf:
                unit[direction, coordinate.index] = 1
        unit = unit.reshape(len(coordinates), *array.shape)
        return Dual(lift(array, working), Tangent(unit, unit, np.zeros_like(unit), working, 1.0))

    def fixed(array: Any) -> Any:
        return lift(array, working)

    return {
        name: value
        if case.op.tensors[name].dtype
        else mapped(varying if name in names else fixed, value)
        for name, value in arguments.items()
    }


def _contracted(tangent: Tangent, cotangent: Float) -> Tangent:
    """Return the derivatives of the sum of results times cotangents: that sum, in any order."""
    weights = Bounded(cotangent, np.zeros_like(cotangent), tangent.precision)
    weighted = tangent.times(weights)
    terms = np.count_nonzero(weighted.magnitude.reshape(len(weighted.magnitude), -1), axis=-1)
    return weighted.summed(
        lambda x: np.sum(x.reshape(len(x), -1), axis=-1),
        max(int(np.max(terms, initial=1)), 1),
        weighted.step,
    )


def _total(parts: Sequence[Tangent], count: int, working: Precision) -> Bounded:
    """Return the sum of what each result contributes.

    What one of them adds up may as well be added to the other part by part: that is one rounding
    more, of the whole.
    """
    if not parts:
        return Bounded(np.zeros(count, working.truth), np.zeros(count, working.truth), working)
    total = parts[0]
    for part in parts[1:]:
        total = total.plus(part)
    if len(parts) > 1:
        total.error = total.error + working.unit * total.magnitude
    overflown = working.overflown(total.magnitude)
    return Bounded(total.value, total.settled + overflown, working)
