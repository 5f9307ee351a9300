"""What NumPy's functions on whole arrays do to tangents.

The axis of the directions is in front, so axes are counted from the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from etalon.backends.numpy import special
from etalon.conformance.arithmetic import bounded_functions
from etalon.conformance.arithmetic.bounded import Bounded, Decision, lift
from etalon.conformance.arithmetic.dual import (
    FUNCTIONS,
    Dual,
    DualDecision,
    combined,
    precision_of,
    primal,
    products,
    tangent_of,
)
from etalon.conformance.arithmetic.rules import Rule
from etalon.conformance.arithmetic.softmax import softmax as bounded_softmax
from etalon.conformance.arithmetic.tangent import Tangent
from etalon.spec.einsum import terms as letters_of

AHEAD = "Z"
"""The letter of the axis of directions."""


def _from_the_end(axis: Any, ndim: int) -> Any:
    if axis is None:
        return tuple(range(-ndim, 0))
    if isinstance(axis, Sequence):
        return tuple(_from_the_end(one, ndim) for one in axis)
    return axis - ndim if axis >= 0 else axis


def over_axes(function: Callable[..., Any]) -> Callable[..., Dual]:
    """Return the rule of a function that moves numbers about and takes axes of its array."""

    def rule(x: Dual, *axes: Any, axis: Any = None) -> Dual:
        given = axes if axis is None else (*axes, axis)
        counted = tuple(_from_the_end(one, x.ndim) for one in given)
        return Dual(function(x.value, *given), x.tangent.moved(lambda t: function(t, *counted)))

    return rule


FUNCTIONS.family(over_axes, np.moveaxis, np.squeeze)


@FUNCTIONS.implements(np.expand_dims)
def expand_dims(x: Dual, axis: int) -> Dual:
    """An axis of length 1; counted in the result."""
    counted = _from_the_end(axis, x.ndim + 1)
    moved = x.tangent.moved(lambda t: np.expand_dims(t, counted))
    return Dual(np.expand_dims(x.value, axis), moved)


@FUNCTIONS.implements(np.reshape)
def reshape(x: Dual, shape: Any) -> Dual:
    """The same numbers in another shape."""
    value: Any = np.reshape(x.value, shape)
    return Dual(value, x.tangent.moved(lambda t: t.reshape(t.shape[0], *value.shape)))


@FUNCTIONS.implements(np.broadcast_to)
def broadcast_to(x: Dual, shape: Any) -> Dual:
    """The same numbers along more axes."""
    value: Any = np.broadcast_to(x.value, shape)
    tangent = x.tangent.aligned(value.ndim)
    return Dual(value, tangent.moved(lambda t: np.broadcast_to(t, (t.shape[0], *value.shape))))


@FUNCTIONS.implements(np.transpose)
def transpose(x: Dual, axes: Any = None) -> Dual:
    """Axes in another order."""
    order = tuple(reversed(range(x.ndim))) if axes is None else tuple(axes)
    shifted = (0, *(axis % x.ndim + 1 for axis in order))
    return Dual(np.transpose(x.value, order), x.tangent.moved(lambda t: np.transpose(t, shifted)))


@FUNCTIONS.implements(np.take_along_axis)
def take_along_axis(x: Dual, indices: Any, axis: int) -> Dual:
    """The numbers at these places, which do not vary, along an axis; tangents move with them."""
    counted = _from_the_end(axis, x.ndim)
    moved = x.tangent.moved(lambda t: np.take_along_axis(t, indices[None], axis=counted))
    return Dual(np.take_along_axis(x.value, indices, axis=axis), moved)


@FUNCTIONS.implements(np.pad)
def pad(x: Dual, pad_width: Any, *, constant_values: float = 0.0) -> Dual:
    """Padding: what is added does not vary."""
    widths = [(0, 0), *pad_width]
    value = np.pad(x.value, pad_width, constant_values=constant_values)
    return Dual(value, x.tangent.moved(lambda t: np.pad(t, widths)))


@FUNCTIONS.implements(sliding_window_view)
def windows(x: Dual, window_shape: Any, axis: Any) -> Dual:
    """Sliding windows, whose axes come last."""
    counted = _from_the_end(axis, x.ndim)
    moved = x.tangent.moved(lambda t: sliding_window_view(t, window_shape, axis=counted))
    return Dual(sliding_window_view(x.value, window_shape, axis=axis), moved)


def joined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the rule of a function that joins arrays."""

    def rule(arrays: Sequence[Any], axis: int = 0) -> Any:
        parts = list(arrays)
        precision = precision_of(*parts)
        value = function([primal(part, precision) for part in parts], axis=axis)
        counted = _from_the_end(axis, value.ndim)
        directions = next(p.tangent.value.shape[0] for p in parts if isinstance(p, Dual))
        tangents = [_tangent(part, directions, precision) for part in parts]
        tangent, magnitude, error = (
            function([getattr(t, name) for t in tangents], axis=counted)
            for name in ("value", "magnitude", "error")
        )
        step = min(t.step for t in tangents)
        return Dual(value, Tangent(tangent, magnitude, error, precision, step))

    return rule


FUNCTIONS.family(joined, np.concatenate, np.stack)


def _tangent(part: Any, directions: int, precision: Any) -> Tangent:
    if isinstance(part, Dual):
        return part.tangent
    zero = np.zeros((directions, *np.shape(primal(part, precision).value)), precision.truth)
    return Tangent(zero, zero, zero, precision, np.inf)


@FUNCTIONS.implements(np.sum)
def sum_(x: Dual, axis: Any = None, keepdims: bool = False) -> Dual:
    """A sum of n terms, in any order."""
    value = bounded_functions.sum_(x.value, axis, keepdims)
    counted, terms = _from_the_end(axis, x.ndim), _terms(x, value)

    def summed(t: Any) -> Any:
        return np.sum(t, axis=counted, keepdims=keepdims)

    return Dual(value, x.tangent.summed(summed, terms, x.tangent.step))


@FUNCTIONS.implements(special.added)
def added(parts: Sequence[Any]) -> Any:
    """A sum of arrays, in any order, rounded at each of them that varies but one."""
    precision = precision_of(*parts)
    value = bounded_functions.added([primal(part, precision) for part in parts])
    terms = [part.tangent.aligned(value.ndim) for part in parts if isinstance(part, Dual)]
    magnitude = special.added([term.magnitude for term in terms])
    varying = special.added([(term.magnitude > 0).astype(int) for term in terms])
    step = min((term.step for term in terms), default=0.0)
    rounding = np.where(varying > 1, precision.accumulated(len(terms) - 1) * magnitude, 0)
    error = special.added([term.error for term in terms]) + rounding
    slope = special.added([term.value for term in terms])
    return combined(value, [Tangent(slope, magnitude, error, precision, step)])


@FUNCTIONS.implements(np.mean)
def mean(x: Dual, axis: Any = None, keepdims: bool = False, *, where: Any = True) -> Dual:
    """A sum, and two more roundings, as of the value."""
    value = bounded_functions.mean(x.value, axis, keepdims, where=where)
    counted, terms = _from_the_end(axis, x.ndim), _terms(x, value)

    def summed(t: Any) -> Any:
        return np.mean(t, axis=counted, keepdims=keepdims, where=where)

    return Dual(value, x.tangent.summed(summed, terms + 2))


@FUNCTIONS.implements(np.einsum)
def einsum(equation: str, a: Any, b: Any) -> Any:
    """Sums of products: of the tangents of one with the other, the directions as one letter more.

    Letters and axes are counted from the front, so the tangents take the axis in front of theirs.
    """
    precision = precision_of(a, b)
    one, two = primal(a, precision), primal(b, precision)
    value: Any = np.einsum(equation, one, two)
    first, second, result = letters_of(equation)
    found = []
    if isinstance(a, Dual):
        ahead = f"{AHEAD}{first},{second}->{AHEAD}{result}"
        found.append(products(a.tangent, two, lambda t, m: np.einsum(ahead, t, m)))
    if isinstance(b, Dual):
        behind = f"{first},{AHEAD}{second}->{AHEAD}{result}"
        found.append(products(b.tangent, one, lambda t, m: np.einsum(behind, m, t)))
    return combined(value, found)


def _terms(x: Dual, result: Bounded) -> int:
    return max(x.size // result.size, 1) if result.size else 1


def extreme(function: Callable[..., Any], sign: float) -> Callable[..., Dual]:
    """Return the rule of the largest or smallest of many: any derivative among those tied."""

    def rule(x: Dual, axis: Any = None, keepdims: bool = False) -> Dual:
        counted = _from_the_end(axis, x.ndim)
        value = function(x.value, axis=axis, keepdims=keepdims)
        best = function(x.value, axis=axis, keepdims=True)
        low, high = (sign * x.value).ends
        floor = np.max(low, axis=counted, keepdims=True)
        tied = (high >= floor) | (x.value.value == best.value)

        def among(numbers: Any, reduce: Any, empty: float) -> Any:
            return reduce(np.where(tied, numbers, empty), axis=counted, keepdims=keepdims)

        t = x.tangent
        top = among(t.value + t.error, np.max, -np.inf)
        bottom = among(t.value - t.error, np.min, np.inf)
        magnitude = among(t.magnitude, np.max, 0)
        return Dual(value, Tangent((top + bottom) / 2, magnitude, (top - bottom) / 2, x.precision))

    return rule


FUNCTIONS[np.max] = extreme(np.max, 1.0)
FUNCTIONS[np.min] = extreme(np.min, -1.0)


@FUNCTIONS.implements(special.softmax_last_axis)
def softmax(x: Dual) -> Dual:
    """The derivative ``pᵢ · (tᵢ - sum(pⱼ · tⱼ))``, taken from the shares p as they are."""
    value = bounded_softmax(x.value)
    weighted = x.tangent.times(value)
    mean = weighted.summed(lambda t: np.sum(t, axis=-1, keepdims=True), x.shape[-1])
    return Dual(value, weighted.plus(mean.times(value).times(lift(-1.0, x.precision))))


@FUNCTIONS.implements(special.dot_attention)
def dot_attention(query: Any, key: Any, value: Any, scale: Any, mask: Any) -> Any:
    """The softmax of the scores, times the values."""
    return special.softmax_last_axis(special.dot_scores(query, key, scale, mask)) @ value


@FUNCTIONS.implements(np.any)
def any_(x: DualDecision, axis: Any = None, keepdims: bool = False) -> DualDecision:
    """Whether one of many is true; at a kink where one is, and none is true on both sides of it."""
    options = {"axis": axis, "keepdims": keepdims}
    certain = np.any(x.value & ~x.kink, **options)
    kink = ~certain & np.any(x.kink, **options)
    return DualDecision(bounded_functions.any_(x, **options), kink)


@FUNCTIONS.implements(np.where)
def where(condition: Any, a: Any, b: Any) -> Any:
    """The chosen one; where undecided or at a kink, any derivative in between."""
    precision = precision_of(condition, a, b)
    value = bounded_functions.where(condition, primal(a, precision), primal(b, precision))
    if not (isinstance(a, Dual) or isinstance(b, Dual)):
        return value
    one, two = tangent_of(a, b, value.ndim), tangent_of(b, a, value.ndim)
    decided = condition.value if isinstance(condition, Decision) else np.asarray(condition)
    slope, magnitude, error = (
        np.where(decided, getattr(one, part), getattr(two, part))
        for part in ("value", "magnitude", "error")
    )
    tangent = Tangent(slope, magnitude, error, precision, min(one.step, two.step))
    if isinstance(condition, DualDecision):
        gap = np.abs(one.value - two.value) + np.maximum(one.error, two.error)
        most = np.maximum(one.magnitude, two.magnitude)
        kink = condition.kink
        tangent = tangent.widened(np.where(kink, gap, 0), np.where(kink, most, 0))
    shape = (tangent.value.shape[0], *value.shape)
    return Dual(value, tangent.moved(lambda x: np.broadcast_to(x, shape)))


def fixed(function: Callable[..., Any]) -> Rule:
    """Return the rule of a function whose result does not vary: that for the value."""
    return lambda x, *args, **kwargs: function(x.value, *args, **kwargs)


FUNCTIONS.family(fixed, np.argmax, np.full_like, np.ones_like, np.zeros_like)
