"""The dual array: a value and its tangents, so that the same reference gives gradients a truth.

Forward-mode differentiation over bounded arrays, through NumPy's dispatch protocols. Where a
branch or a maximum is undecided, or exactly at its kink, any subgradient is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from etalon.conformance.arithmetic.bounded import Bounded, Decision, lift
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.arithmetic.rules import Rules
from etalon.conformance.arithmetic.sums import grid
from etalon.conformance.arithmetic.tangent import Tangent, stepped

UFUNCS = Rules()
"""What NumPy's element-by-element functions do to tangents."""
FUNCTIONS = Rules()
"""What NumPy's functions on whole arrays do to tangents."""


class Dual(np.lib.mixins.NDArrayOperatorsMixin):
    """A bounded array with its derivatives in several directions.

    Of the derivatives of what is not a number nothing is claimed.
    """

    def __init__(self, value: Any, tangent: Tangent) -> None:
        self.value = value
        self.tangent = tangent
        nan = np.isnan(value.value)
        if nan.any():
            varying = nan & (tangent.magnitude != 0)
            self.tangent = tangent.widened(np.where(varying, np.inf, 0), tangent.magnitude)

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    size = property(lambda self: self.value.size)

    @property
    def precision(self) -> Precision:
        """The arithmetic that an implementation works in."""
        return self.tangent.precision

    @property
    def constant(self) -> Any:
        """The value without its derivatives."""
        return self.value

    def attach(self, value: Any, slope: Any) -> Any:
        """Return a function of this array, which has this value and this derivative."""
        return combined(value, [self.tangent.aligned(value.ndim).times(slope)])

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Dual]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Dual:
        places = index if isinstance(index, tuple) else (index,)
        return Dual(self.value[index], self.tangent.moved(lambda x: x[(slice(None), *places)]))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            return NotImplemented
        if ufunc not in UFUNCS:
            raise TypeError(f"dual arrays have no derivative for numpy.{ufunc.__name__}")
        return UFUNCS[ufunc](*inputs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func not in FUNCTIONS:
            raise TypeError(f"dual arrays have no rule for numpy.{func.__name__}")
        return FUNCTIONS[func](*args, **kwargs)


class DualDecision(Decision):
    """A comparison of dual arrays, and where it is tied, or NaN takes part: there is the kink."""

    def __init__(self, found: Decision, tied: Any) -> None:
        super().__init__(found.value, found.undecided, found.precision)
        self.kink = found.undecided | tied

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return FUNCTIONS[func](*args, **kwargs)


def primal(x: Any, precision: Precision) -> Any:
    """Return the bounded array in a dual one, or of a plain one."""
    return x.value if isinstance(x, Dual) else lift(x, precision)


def precision_of(*candidates: Any) -> Precision:
    """Return the precision of the first of the operands that has one."""
    found: Precision = next(x.precision for x in candidates if hasattr(x, "precision"))
    return found


def combined(value: Bounded, terms: list[Tangent]) -> Any:
    """Return the value with the sum of its tangents; alone where nothing varies."""
    if not terms:
        return value
    total = terms[0].aligned(value.ndim)
    for term in terms[1:]:
        total = total.plus(term)
    shape = (total.value.shape[0], *value.shape)
    return Dual(value, total.moved(lambda x: np.broadcast_to(x, shape)))


def tangent_of(x: Any, other: Any, ndim: int) -> Tangent:
    """Return the tangent of an operand, zero where it does not vary, for so many axes."""
    if isinstance(x, Dual):
        return x.tangent.aligned(ndim)
    zero = np.zeros((other.tangent.value.shape[0], *[1] * ndim), other.precision.truth)
    return Tangent(zero, zero, zero, other.precision, np.inf)


def products(tangent: Tangent, matrix: Bounded, times: Callable[[Any, Any], Any]) -> Tangent:
    """Return the tangent of what is linear in both, such as a matrix product.

    Each number is a sum of n products, in any order, of numbers of both.
    """
    size, bound = np.abs(matrix.value), matrix.usable
    magnitude = times(tangent.magnitude, size + bound)
    carried = times(tangent.error, size) + times(tangent.magnitude + tangent.error, bound)
    paths = times((tangent.magnitude > 0).astype(float), (size > 0).astype(float))
    terms = int(np.max(paths, initial=1))
    working = tangent.precision
    step = 0.0 if working.factors else stepped(tangent.step, grid(matrix))
    rounding = (working.multiplied(terms) + working.storing) * magnitude
    value = times(tangent.value, matrix.value)
    return Tangent(value, magnitude, carried + rounding, working, step)
