"""The dual array: a value and its tangents, so that the same reference gives gradients a truth.

Forward-mode differentiation over bounded arrays, through NumPy's dispatch protocols. Where a
branch or a maximum is undecided, or exactly at its kink, any subgradient is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from etalon.backends.numpy.special import ROOT_OF_PI, erf
from etalon.conformance.arithmetic.bounded import Bounded, Decision, lift
from etalon.conformance.arithmetic.bounded_functions import where
from etalon.conformance.arithmetic.bounded_ufuncs import UFUNCS
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.arithmetic.tangent import Tangent

Partials = Callable[..., tuple[Any, ...]]


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
        if ufunc in COMPARISONS:
            return _compared(ufunc, *inputs)
        if ufunc in SELECTIONS:
            return _selected(ufunc, *inputs)
        if ufunc is np.matmul:
            return _matmul(*inputs)
        return _smooth(ufunc, *inputs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from etalon.conformance.arithmetic.dual_functions import FUNCTIONS

        if func not in FUNCTIONS:
            raise TypeError(f"dual arrays have no rule for numpy.{func.__name__}")
        return FUNCTIONS[func](*args, **kwargs)


class DualDecision(Decision):
    """A comparison of dual arrays, and where it is tied, or NaN takes part: there is the kink."""

    def __init__(self, found: Decision, tied: Any) -> None:
        super().__init__(found.value, found.undecided, found.precision)
        self.kink = found.undecided | tied

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from etalon.conformance.arithmetic.dual_functions import FUNCTIONS

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


def _smooth(ufunc: np.ufunc, *inputs: Any) -> Any:
    if ufunc not in PARTIALS:
        raise TypeError(f"dual arrays have no derivative for numpy.{ufunc.__name__}")
    precision = precision_of(*inputs)
    operands = [primal(x, precision) for x in inputs]
    value = UFUNCS[ufunc](*operands)
    partials = PARTIALS[ufunc](*operands, value)
    pairs = zip(inputs, partials, strict=True)
    terms = [
        x.tangent.aligned(value.ndim).times(lift(partial, precision))
        for x, partial in pairs
        if isinstance(x, Dual)
    ]
    return combined(value, terms)


def _compared(ufunc: np.ufunc, a: Any, b: Any) -> DualDecision:
    precision = precision_of(a, b)
    one, two = primal(a, precision), primal(b, precision)
    tied = (one.value == two.value) | np.isnan(one.value) | np.isnan(two.value)
    return DualDecision(UFUNCS[ufunc](one, two), tied)


def _selected(ufunc: np.ufunc, a: Any, b: Any) -> Any:
    precision = precision_of(a, b)
    value = UFUNCS[ufunc](primal(a, precision), primal(b, precision))
    found = chosen(_compared(SELECTIONS[ufunc], a, b), a, b)
    return Dual(value, found.tangent) if isinstance(found, Dual) else value


def chosen(condition: Any, a: Any, b: Any) -> Any:
    """Return ``np.where`` of dual arrays: where undecided, any derivative in between."""
    precision = precision_of(condition, a, b)
    value = where(condition, primal(a, precision), primal(b, precision))
    if not (isinstance(a, Dual) or isinstance(b, Dual)):
        return value
    one, two = tangent_of(a, b, value.ndim), tangent_of(b, a, value.ndim)
    decided = condition.value if isinstance(condition, Decision) else np.asarray(condition)
    slope, magnitude, error = (
        np.where(decided, getattr(one, part), getattr(two, part))
        for part in ("value", "magnitude", "error")
    )
    tangent = Tangent(slope, magnitude, error, precision)
    if isinstance(condition, DualDecision):
        gap = np.abs(one.value - two.value) + np.maximum(one.error, two.error)
        most = np.maximum(one.magnitude, two.magnitude)
        kink = condition.kink
        tangent = tangent.widened(np.where(kink, gap, 0), np.where(kink, most, 0))
    shape = (tangent.value.shape[0], *value.shape)
    return Dual(value, tangent.moved(lambda x: np.broadcast_to(x, shape)))


def tangent_of(x: Any, other: Any, ndim: int) -> Tangent:
    """Return the tangent of an operand, zero where it does not vary, for so many axes."""
    if isinstance(x, Dual):
        return x.tangent.aligned(ndim)
    zero = np.zeros((other.tangent.value.shape[0], *[1] * ndim), other.precision.truth)
    return Tangent(zero, zero, zero, other.precision)


def _matmul(a: Any, b: Any) -> Any:
    precision = precision_of(a, b)
    one, two = primal(a, precision), primal(b, precision)
    value = one @ two
    terms = []
    if isinstance(a, Dual):
        terms.append(products(a.tangent.aligned(value.ndim), two, lambda t, m: t @ m))
    if isinstance(b, Dual):
        terms.append(products(b.tangent.aligned(value.ndim), one, lambda t, m: m @ t))
    return combined(value, terms)


def products(tangent: Tangent, matrix: Bounded, times: Callable[[Any, Any], Any]) -> Tangent:
    """Return the tangent of what is linear in both, such as a matrix product.

    Each number is a sum of n products, in any order, of numbers of both.
    """
    size, bound = np.abs(matrix.value), matrix.usable
    magnitude = times(tangent.magnitude, size + bound)
    carried = times(tangent.error, size) + times(tangent.magnitude + tangent.error, bound)
    paths = times((tangent.magnitude > 0).astype(float), (size > 0).astype(float))
    terms = int(np.max(paths, initial=1))
    rounding = tangent.precision.multiplied(terms) * magnitude
    value = times(tangent.value, matrix.value)
    return Tangent(value, magnitude, carried + rounding, tangent.precision)


def _sign(x: Bounded) -> Bounded:
    """Return the derivative of the magnitude: anything between −1 and 1 at zero."""
    low, high = x.ends
    return Bounded(np.sign(x.value), np.where((low <= 0) & (high >= 0), 1.0, 0.0), x.precision)


def _share(difference: Bounded) -> Any:
    """Return ``1 / (1 + exp(-difference))``, without overflow."""
    falling: Any = np.exp(-np.abs(difference))
    risen: Any = np.where(difference < 0, falling, 1.0)
    return risen / (1 + falling)


PARTIALS: Mapping[Callable[..., Any], Partials] = {
    erf: lambda x, y: (2 / ROOT_OF_PI * np.exp(-np.square(x)),),
    np.absolute: lambda x, y: (_sign(x),),
    np.add: lambda a, b, y: (1.0, 1.0),
    np.cos: lambda x, y: (-np.sin(x),),
    np.divide: lambda a, b, y: (1 / b, -y / b),
    np.exp: lambda x, y: (y,),
    np.expm1: lambda x, y: (y + 1,),
    np.log: lambda x, y: (1 / x,),
    np.log1p: lambda x, y: (1 / (1 + x),),
    np.logaddexp: lambda a, b, y: (_share(a - b), _share(b - a)),
    np.multiply: lambda a, b, y: (b, a),
    np.negative: lambda x, y: (-1.0,),
    np.sin: lambda x, y: (np.cos(x),),
    np.sqrt: lambda x, y: (0.5 / y,),
    np.square: lambda x, y: (2 * x,),
    np.subtract: lambda a, b, y: (1.0, -1.0),
    np.tanh: lambda x, y: (1 - np.square(y),),
}
"""The partial derivatives, from the operands and the result, as many implementations have them."""

COMPARISONS = (
    np.equal,
    np.not_equal,
    np.less,
    np.less_equal,
    np.greater,
    np.greater_equal,
)

SELECTIONS: Mapping[np.ufunc, np.ufunc] = {np.maximum: np.greater, np.minimum: np.less}
"""The comparison that chooses the first of two."""
