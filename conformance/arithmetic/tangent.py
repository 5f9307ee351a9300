"""Tangents: derivatives in several directions, with the bound of the error of each.

A derivative is a sum over all paths through the formula, each the product of the partial
derivatives along it. In which order an implementation multiplies and adds them, from the inputs
on or back from the results, is nobody's promise. So beside the derivative a tangent carries its
*magnitude*, the sum of the magnitudes of the paths, and each rounding adds the unit roundoff of
that: it stays right where terms cancel in one order and not in the other. (Griewank & Walther,
*Evaluating Derivatives*, 2nd ed., section 3; Higham, section 4.2, for sums in any order.)

Where all paths are multiples of one power of two, the *step*, and the format has digits for the
magnitude, whatever is computed of them on the way is exact, in any order: a part of the way has a
part of the factors, and the others are at least their own steps. That is known in the end alone: a
factor that comes last here comes first in another order, and what is exact without it is not with
it.

All three arrays have one axis more than the value that they belong to, in front: the directions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Float, Precision, some
from etalon.conformance.arithmetic.sums import grid, held


class Tangent:
    """Derivatives of an array in several directions.

    Args:
        value: the derivatives, ``(directions, *shape)``.
        magnitude: for each, the sum of the magnitudes of the paths that it is the sum of.
        error: for each, how far a working implementation may be from it.
        precision: the arithmetic that the implementation works in.
        step: a power of two that all paths are multiples of; 0 where none is known.
    """

    def __init__(
        self,
        value: Float,
        magnitude: Float,
        error: Float,
        precision: Precision,
        step: float = 0.0,
    ) -> None:
        self.value = value
        self.magnitude = magnitude
        self.error = np.where(np.isnan(error), np.inf, error)
        self.precision = precision
        self.step = step

    def moved(self, function: Callable[[Float], Any]) -> Tangent:
        """Return the tangent after a function that only moves numbers about."""
        value, magnitude, error = (
            np.asarray(function(x)) for x in (self.value, self.magnitude, self.error)
        )
        return Tangent(value, magnitude, error, self.precision, self.step)

    def aligned(self, ndim: int) -> Tangent:
        """Return the tangent of an array that broadcasts to this number of axes."""
        directions, *shape = self.value.shape
        if len(shape) == ndim:
            return self
        padded = (directions, *[1] * (ndim - len(shape)), *shape)
        return self.moved(lambda x: x.reshape(padded))

    def times(self, partial: Bounded) -> Tangent:
        """Return the tangent times a partial derivative: one rounding, none for 0, 1 and −1.

        Nothing is claimed of a derivative of which nothing is claimed, even if it is multiplied
        by 0: where it overflows, that makes NaN.
        """
        tangent, bound = self.aligned(partial.ndim), partial.usable
        size = np.abs(partial.value)
        magnitude = _product(size + bound, tangent.magnitude)
        error = _product(size, tangent.error) + _product(bound, tangent.magnitude + tangent.error)
        step = stepped(self.step, grid(partial))
        exact = ((size == 0) | (size == 1)) & (bound == 0)
        rounding = np.where(exact, 0, self.precision.unit * magnitude + self._flushed(magnitude))
        value = np.where(tangent.magnitude == 0, 0, partial.value * tangent.value)
        unclaimed = np.where(np.isinf(tangent.error), np.inf, error + rounding)
        return Tangent(value, magnitude, unclaimed, self.precision, step)

    def plus(self, other: Tangent) -> Tangent:
        """Return the sum of two tangents of one array: a rounding where both have paths."""
        ndim = max(self.value.ndim, other.value.ndim) - 1
        one, two = self.aligned(ndim), other.aligned(ndim)
        both = (one.magnitude > 0) & (two.magnitude > 0)
        magnitude = one.magnitude + two.magnitude
        step = min(one.step, two.step)
        error = one.error + two.error + np.where(both, self.precision.unit * magnitude, 0)
        return Tangent(one.value + two.value, magnitude, error, self.precision, step)

    def summed(self, function: Callable[[Float], Any], terms: int, step: float = 0.0) -> Tangent:
        """Return the tangent after a sum, which ``function`` computes, of so many terms each.

        Args:
            function: computes it, of arrays.
            terms: of each sum.
            step: of the sums, where it is known.
        """
        summed = self.moved(function)
        relative = self.precision.summed(terms - 1) + (self.precision.storing if terms > 1 else 0)
        error = summed.error + relative * summed.magnitude
        return Tangent(summed.value, summed.magnitude, error, self.precision, step)

    def widened(self, gap: Float, magnitude: Float) -> Tangent:
        """Return the tangent where any derivative within ``gap`` of it is accepted as well."""
        error = np.maximum(self.error, gap)
        wide = np.maximum(self.magnitude, magnitude)
        return Tangent(self.value, wide, error, self.precision, 0.0 if some(gap) else self.step)

    @property
    def settled(self) -> Float:
        """The error, once nothing more is computed: none where no order of all paths can round."""
        exact = held(self.precision.digits, self.magnitude, self.step, self.precision.tiny)
        return np.where(exact, 0, self.error)

    def _flushed(self, magnitude: Float) -> Float:
        tiny = self.precision.tiny
        return np.where((magnitude > 0) & (magnitude < tiny), magnitude, 0)


def stepped(step: float, other: float) -> float:
    """Return the step of products; 0 where that of one is not known."""
    return step * other if step and other else 0.0


def _product(factor: Float, number: Float) -> Float:
    """Return the product, where a factor or a number of zero makes zero even of infinity."""
    return np.where((factor == 0) | (number == 0), 0, factor * number)
