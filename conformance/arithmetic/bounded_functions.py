"""What NumPy's functions on whole arrays do to bounds: rearranging, reducing, choosing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from etalon.backends.numpy import special
from etalon.conformance.arithmetic.bounded import (
    FUNCTIONS,
    LIFTED,
    Bounded,
    Decision,
    at_corners,
    finish,
    indistinct,
    lift,
)
from etalon.conformance.arithmetic.bounded_ufuncs import products
from etalon.conformance.arithmetic.precision import Precision, some
from etalon.conformance.arithmetic.sums import Sums, grid, places, roundoff, sampled
from etalon.spec.einsum import terms as letters_of


def rearranged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the rule of a function that only moves elements about."""

    def rule(x: Any, *args: Any, **kwargs: Any) -> Any:
        value = function(x.value, *args, **kwargs)
        if isinstance(x, Decision):
            return Decision(value, function(x.undecided, *args, **kwargs), x.precision)
        return Bounded(value, function(x.bound, *args, **kwargs), x.precision)

    return rule


FUNCTIONS.family(rearranged, np.broadcast_to, np.expand_dims, np.moveaxis, np.reshape, np.squeeze)
FUNCTIONS.family(rearranged, np.take_along_axis, np.transpose, sliding_window_view)


def joined(function: Callable[..., Any]) -> Callable[..., Bounded]:
    """Return the rule of a function that puts several arrays together."""

    def rule(arrays: Any, *args: Any, **kwargs: Any) -> Bounded:
        parts = [lift(array, _precision(*arrays)) for array in arrays]
        value = function([part.value for part in parts], *args, **kwargs)
        bound = function([part.bound for part in parts], *args, **kwargs)
        return Bounded(value, bound, parts[0].precision)

    return rule


FUNCTIONS.family(joined, np.concatenate, np.stack)


@FUNCTIONS.implements(np.pad)
def pad(x: Bounded, pad_width: Any, *, constant_values: float = 0.0) -> Bounded:
    """Padding: what is added is exact."""
    value = np.pad(x.value, pad_width, constant_values=constant_values)
    return Bounded(value, np.pad(x.bound, pad_width), x.precision)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the rule of a function that makes an exact array in the shape of another."""
    return lambda x: function(x.value)


FUNCTIONS.family(plain, np.ones_like, np.zeros_like)


@FUNCTIONS.implements(np.full_like)
def full_like(x: Bounded, fill_value: Any, shape: Any = None) -> Bounded:
    """Numbers of one's own, rounded to the format as any others."""
    filling = lift(fill_value, x.precision)
    wanted = x.shape if shape is None else shape
    value, bound = (np.broadcast_to(part, wanted) for part in (filling.value, filling.bound))
    return Bounded(value, bound, x.precision)


@FUNCTIONS.implements(np.sum)
def sum_(x: Bounded, axis: Any = None, keepdims: bool = False) -> Bounded:
    """A sum of n terms in any order: γₙ₋₁ times the sum of magnitudes (Higham, section 4.2)."""
    options = {"axis": axis, "keepdims": keepdims}
    value = np.asarray(np.add.reduce(x.value, **options))
    carried = np.asarray(np.add.reduce(x.usable, **options))
    terms = _terms(x, value)
    added: Any = 0.0
    if terms > 1:
        found = Sums(
            value=value,
            carried=carried,
            magnitude=np.add.reduce(np.abs(x.value), **options) + carried,
            roundings=terms - 1,
            lost=_vanished(x, terms, options),
            squares=lambda: np.sum(np.square(np.abs(x.value) + x.usable), **options),
            samples=lambda: sampled(x.value, axis),
            step=grid(x),
        )
        added = roundoff(x.precision, found)
    return finish(lambda v: np.sum(v, **options), (x,), value, carried, added)


@FUNCTIONS.implements(special.added)
def added(parts: Sequence[Any]) -> Bounded:
    """A sum of arrays, in any order: each partial sum may be stored."""
    precision = _precision(*parts)
    lifted = [lift(part, precision) for part in parts]
    value = special.added([part.value for part in lifted])
    carried = special.added([part.usable for part in lifted])
    magnitude = special.added([np.abs(part.value) + part.usable for part in lifted])
    roundoff = precision.accumulated(len(parts) - 1) * magnitude
    tiny = np.where(magnitude > 0, max(len(parts) - 2, 0) * precision.tiny, 0)
    beyond = np.where(np.isfinite(magnitude) & (magnitude > precision.largest), np.inf, 0.0)
    return finish(lambda *v: special.added(v), lifted, value, carried, roundoff + tiny + beyond)


@FUNCTIONS.implements(np.mean)
def mean(x: Bounded, axis: Any = None, keepdims: bool = False, *, where: Any = True) -> Bounded:
    """A sum, and two more roundings: some divide by n, some multiply by the rounded 1 / n.

    Of exact numbers, too: a mean that is updated number by number (Welford 1962) rounds each time.
    """
    options = {"axis": axis, "keepdims": keepdims, "where": where}
    value = np.asarray(np.mean(x.value, **options))
    carried = np.asarray(np.mean(x.usable, **options))
    magnitude = np.mean(np.abs(x.value), **options) + carried
    terms = _terms(x, value)
    found = Sums(
        value=value,
        carried=carried,
        magnitude=magnitude,
        roundings=terms - 1,
        lost=_vanished(x, terms, options) / terms,
        squares=lambda: np.mean(np.square(np.abs(x.value) + x.usable), **options) / terms,
        samples=lambda: sampled(np.where(where, x.value / terms, 0), axis),
        overflowing=terms * magnitude,
        last=2,
    )
    added = roundoff(x.precision, found)
    return finish(lambda v: np.mean(v, **options), (x,), value, carried, added)


@FUNCTIONS.implements(np.einsum)
def einsum(equation: str, a: Any, b: Any) -> Bounded:
    """Sums of products of two arrays, as many as the letters that are summed over are long."""
    precision = _precision(a, b)
    a, b = lift(a, precision), lift(b, precision)
    first, second, result = letters_of(equation)
    lengths = {**dict(zip(first, a.shape, strict=True)), **dict(zip(second, b.shape, strict=True))}
    count = math.prod(n for letter, n in lengths.items() if letter not in result)

    def samples(shape: tuple[int, ...]) -> Iterator[tuple[int, Any]]:
        for place, index in places(shape):
            fixed = dict(zip(result, index, strict=True))
            one, two = (
                x.value[tuple(fixed.get(letter, slice(None)) for letter in letters)]
                for letters, x in ((first, a), (second, b))
            )
            left, right = (_without(letters, result) for letters in (first, second))
            inner = "".join(dict.fromkeys(left + right))
            yield place, np.einsum(f"{left},{right}->{inner}", one, two).ravel()

    return products(lambda x, y: np.asarray(np.einsum(equation, x, y)), a, b, count, samples)


def _without(letters: str, others: str) -> str:
    return "".join(letter for letter in letters if letter not in others)


def extreme(function: Callable[..., Any]) -> Callable[..., Bounded]:
    """Return the rule of the largest or smallest of many: monotone, without rounding."""

    def rule(x: Bounded, axis: Any = None, keepdims: bool = False) -> Bounded:
        def reduced(v: Any) -> Any:
            return np.asarray(function(v, axis=axis, keepdims=keepdims))

        value, kept = reduced(x.value), np.asarray(function(x.value, axis=axis, keepdims=True))
        confused = np.max(indistinct(x.value, kept, x.precision), axis=axis, keepdims=keepdims)
        carried = np.maximum(at_corners(reduced, (x,), value), confused)
        return finish(reduced, (x,), value, carried, flushes=False)

    return rule


FUNCTIONS.family(extreme, np.max, np.min)


@FUNCTIONS.implements(np.argmax)
def argmax(x: Bounded, axis: int) -> Bounded:
    """The index of the first of the largest; undecided where another may be as large."""
    first = np.argmax(x.value, axis=axis)
    place = np.expand_dims(first, axis)
    low, high = x.ends
    least = np.take_along_axis(low, place, axis=axis)
    rivals = (high >= least) & ((x.usable > 0) | np.take_along_axis(x.usable > 0, place, axis=axis))
    np.put_along_axis(rivals, place, False, axis=axis)
    index = first.astype(x.precision.truth)
    return Bounded(index, np.where(rivals.any(axis=axis), np.inf, 0.0), x.precision)


@FUNCTIONS.implements(np.any)
def any_(x: Decision, axis: Any = None, keepdims: bool = False) -> Decision:
    """Whether one of many is true; undecided where none certainly is, and one may be."""
    options = {"axis": axis, "keepdims": keepdims}
    certain = np.any(x.value & ~x.undecided, **options)
    undecided = ~certain & np.any(x.undecided, **options)
    return Decision(np.any(x.value, **options), undecided, x.precision)


@FUNCTIONS.implements(np.where)
def where(condition: Any, a: Any, b: Any) -> Bounded:
    """The chosen one; where the condition is undecided, the other is accepted as well."""
    precision = _precision(condition, a, b)
    a, b = lift(a, precision), lift(b, precision)
    chosen = condition.value if isinstance(condition, Decision) else condition
    value = np.where(chosen, a.value, b.value)
    bound = np.where(chosen, a.bound, b.bound)
    if isinstance(condition, Decision) and some(condition.undecided):
        other, slack = np.where(chosen, b.value, a.value), np.where(chosen, b.bound, a.bound)
        gap = np.where(other == value, 0, np.abs(other - value)) + slack
        either = np.where(np.isnan(gap), np.inf, np.maximum(bound, gap))
        bound = np.where(condition.undecided, either, bound)
    return Bounded(value, bound, precision)


def _vanished(x: Bounded, terms: int, options: dict[str, Any]) -> Any:
    """Return what a sum loses whose partial sums, all but the last, may be flushed to zero.

    They are multiples of the unit in the last place of the smallest term, so that none of them is
    subnormal where no term is so small.
    """
    if terms < 3:
        return 0.0
    size = np.abs(x.value)
    sums = x.precision.sums
    small = size - x.bound < np.ldexp(sums.tiny, sums.digits)
    if not some(small):
        return 0.0
    return (terms - 2) * sums.tiny * np.any(small & (size > 0), **options)


def _terms(x: Bounded, result: Any) -> int:
    return max(int(x.size // result.size), 1) if result.size else 1


def _precision(*candidates: Any) -> Precision:
    return next(x.precision for x in candidates if isinstance(x, LIFTED))
