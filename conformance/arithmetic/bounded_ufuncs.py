"""What each of NumPy's element-by-element functions does to bounds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from etalon.backends.numpy.special import ROOT_OF_2, erfc, normal_distribution
from etalon.conformance.arithmetic.bounded import (
    UFUNCS,
    Bounded,
    Decision,
    at_corners,
    finish,
    indistinct,
    library_error,
    lift,
)
from etalon.conformance.arithmetic.precision import Float, every, some
from etalon.conformance.arithmetic.sums import Samples, Sums, grid, places, roundoff


def _scaled(magnitude: Float, bound: Float) -> Float:
    """Return the product, where an exact operand carries nothing even times infinity."""
    return np.where(bound == 0, 0, np.abs(magnitude) * bound)


@UFUNCS.implements(np.add)
def add(a: Bounded, b: Bounded) -> Bounded:
    """A sum: one rounding."""
    value, carried = a.value + b.value, a.usable + b.usable
    exact = (value - a.value == b.value) & (value - b.value == a.value)
    return finish(np.add, (a, b), value, carried, exact=exact)


@UFUNCS.implements(np.subtract)
def subtract(a: Bounded, b: Bounded) -> Bounded:
    """A difference: one rounding."""
    value, carried = a.value - b.value, a.usable + b.usable
    exact = (a.value - value == b.value) & (value + b.value == a.value)
    return finish(np.subtract, (a, b), value, carried, exact=exact)


@UFUNCS.implements(np.multiply)
def multiply(a: Bounded, b: Bounded) -> Bounded:
    """A product: one rounding; the bounds multiply as well."""
    value = a.value * b.value
    carried = np.abs(a.value) * b.usable + np.abs(b.value) * a.usable + a.usable * b.usable
    if not every(np.isfinite(carried)):
        parts = (a.value, b.usable), (b.value, a.usable), (a.usable, b.usable)
        carried = functools.reduce(np.add, [_scaled(*part) for part in parts])
    exact = a.precision.holds(a.value) & a.precision.holds(b.value)
    return finish(np.multiply, (a, b), value, carried, exact=exact)


@UFUNCS.implements(np.divide)
def divide(a: Bounded, b: Bounded) -> Bounded:
    """A quotient; a divisor that may be zero makes its bound infinite.

    One divisor for all may as well be a factor, its reciprocal, which is rounded: compilers do so.
    """
    if b.ndim == 0 and b.value != 1:
        return _widest(_quotient(a, b), a * _quotient(lift(1.0, a.precision), b))
    return _quotient(a, b)


def _widest(one: Bounded, other: Bounded) -> Bounded:
    """Return a result that may be computed in either of two ways."""
    off = np.where(one.value == other.value, 0, np.abs(one.value - other.value))
    bound = np.maximum(one.bound, other.bound + np.where(np.isnan(off), 0, off))
    return Bounded(one.value, bound, one.precision)


def _quotient(a: Bounded, b: Bounded) -> Bounded:
    value = a.value / b.value
    room = np.abs(b.value) - b.usable
    carried = (a.usable + _scaled(value, b.usable)) / room
    apart = room > 0
    if not every(apart):
        carried = np.where(apart, carried, np.where(b.usable == 0, 0, np.inf))
    held = a.precision.holds(value) & a.precision.holds(b.value)
    return finish(np.divide, (a, b), value, carried, exact=held & (value * b.value == a.value))


@UFUNCS.implements(np.square)
def square(a: Bounded) -> Bounded:
    """A square: one rounding."""
    value = np.square(a.value)
    carried = _scaled(2 * a.value, a.usable) + np.square(a.usable)
    return finish(np.square, (a,), value, carried, exact=a.precision.holds(a.value))


@UFUNCS.implements(np.sqrt)
def sqrt(a: Bounded) -> Bounded:
    """Monotone; what is not negative was computed as such, so the bound ends at zero."""

    def root(x: Float) -> Float:
        return np.sqrt(np.where((x < 0) & (a.value >= 0), 0, x))

    value = np.sqrt(a.value)
    carried = at_corners(root, (a,), value)
    exact = a.precision.holds(value) & (np.square(value) == a.value)
    return finish(root, (a,), value, carried, exact=exact)


@UFUNCS.implements(np.negative)
def negative(a: Bounded) -> Bounded:
    """Change of sign: exact."""
    return finish(np.negative, (a,), -a.value, a.usable, flushes=False)


@UFUNCS.implements(np.absolute)
def absolute(a: Bounded) -> Bounded:
    """Magnitude: exact."""
    return finish(np.absolute, (a,), np.abs(a.value), a.usable, flushes=False)


def monotone(ufunc: Callable[..., Any]) -> Callable[..., Bounded]:
    """Return the rule of a library function that is monotone in each of its arguments."""

    def rule(*operands: Bounded) -> Bounded:
        value = ufunc(*(operand.value for operand in operands))
        carried = at_corners(ufunc, operands, value)
        error = library_error(ufunc, np.abs(value) + carried, operands[0].precision)
        if not every(value != 0):
            error = np.where((value == 0) & (carried == 0), 0, error)
        return finish(ufunc, operands, value, carried, error)

    return rule


UFUNCS.family(monotone, np.exp, np.expm1, np.log, np.log1p, np.tanh)


@UFUNCS.implements(normal_distribution)
def normal(x: Bounded) -> Bounded:
    """Half of ``erfc(-x / √2)``; far out, it magnifies what the quotient is rounded by."""
    quotient = divide(negative(x), lift(ROOT_OF_2, x.precision))
    half = multiply(_complement(quotient), lift(0.5, x.precision))
    return Bounded(normal_distribution(x.value), half.bound, x.precision)


_complement = monotone(erfc)


def oscillating(ufunc: Callable[..., Any]) -> Callable[[Bounded], Bounded]:
    """Return the rule of a sine or cosine.

    The slope is at most 1, so it carries no more than its argument does; and of two results, both
    from −1 to 1, none is further than 2 from the other.
    """

    def rule(a: Bounded) -> Bounded:
        value = ufunc(a.value)
        carried = np.minimum(a.usable, 2)
        error = library_error(ufunc, np.minimum(np.abs(value) + carried, 1), a.precision)
        exact = (value == 0) & (carried == 0)
        return finish(ufunc, (a,), value, carried, np.where(exact, 0, error))

    return rule


UFUNCS.family(oscillating, np.cos, np.sin)


@UFUNCS.implements(np.logaddexp)
def logaddexp(a: Bounded, b: Bounded) -> Bounded:
    """The larger plus ``log1p`` of an exponential, or the logarithm of the sum of two.

    A relative error of the exponential becomes no larger in ``log1p``. Where none of the two is
    zero, their difference is rounded as well, and they may cancel the logarithm.
    """
    value = np.logaddexp(a.value, b.value)
    carried = at_corners(np.logaddexp, (a, b), value)
    summands = np.where((a.value != 0) & (b.value != 0), np.abs(a.value) + np.abs(b.value), 0)
    error = library_error(np.logaddexp, np.abs(value) + carried + summands, a.precision)
    return finish(np.logaddexp, (a, b), value, carried, error)


@UFUNCS.implements(np.power)
def power(a: Bounded, b: Bounded) -> Bounded:
    """A power of a number that is not negative; there it is monotone in base and exponent.

    A power of one half is a square root, and judged as one.
    """
    if every(b.value == 0.5) and not some(b.bound):
        return sqrt(a)
    if some(a.ends[0] < 0):
        raise TypeError("bounded arrays have no rule for powers of negative numbers")
    return monotone(np.power)(a, b)


def selection(ufunc: np.ufunc) -> Callable[[Bounded, Bounded], Bounded]:
    """Return the rule of the larger or the smaller of two: no rounding, only what they carry."""

    def rule(a: Bounded, b: Bounded) -> Bounded:
        value = ufunc(a.value, b.value)
        confused = np.maximum(*(indistinct(x.value, value, a.precision) for x in (a, b)))
        carried = np.maximum(at_corners(ufunc, (a, b), value), confused)
        return finish(ufunc, (a, b), value, carried, flushes=False)

    return rule


UFUNCS.family(selection, np.maximum, np.minimum)


def comparison(ufunc: np.ufunc) -> Callable[[Bounded, Bounded], Decision]:
    """Return the rule of a comparison: undecided where the two are within their bounds."""

    def rule(a: Bounded, b: Bounded) -> Decision:
        reach = a.usable + b.usable
        undecided = reach > 0
        if some(undecided):
            undecided = undecided & (np.abs(a.value - b.value) <= reach)
        return Decision(ufunc(a.value, b.value), undecided, a.precision)

    return rule


UFUNCS.family(comparison, np.equal, np.not_equal)
UFUNCS.family(comparison, np.less, np.less_equal, np.greater, np.greater_equal)


@UFUNCS.implements(np.matmul)
def matmul(a: Bounded, b: Bounded) -> Bounded:
    """Each number is a sum of as many products as the matrices have inner lengths."""

    def samples(shape: tuple[int, ...]) -> Iterator[tuple[int, Float]]:
        rows = np.broadcast_to(a.value, (*shape[:-2], *a.shape[-2:]))
        columns = np.broadcast_to(b.value, (*shape[:-2], *b.shape[-2:]))
        for place, index in places(shape):
            own = rows[index[:-1]]
            yield place, own * np.moveaxis(columns, -2, -1)[(*index[:-2], index[-1])]

    return products(np.matmul, a, b, a.shape[-1], samples)


def products(
    times: Callable[..., Any], a: Bounded, b: Bounded, terms: int, samples: Samples
) -> Bounded:
    """Return sums of so many products in any order, which ``times`` computes.

    Off by Higham's γₙ times the sum of the magnitudes of the products (section 3.1): one rounding
    for each product, and n − 1 for their sum, in what sums are accumulated in. Where additions are
    rounded towards zero, a block of k products that is aligned to the largest number of it and of
    the accumulator, cut off there, added, and cut off once more, loses no more than k roundings: if
    it carries, what the k others lost was half as much. ``times`` is linear
    in both, so that of magnitudes it gives that sum. Each product or partial sum may be flushed to
    zero. Where the accumulator is wider, the sum is rounded once more as it is stored.

    Args:
        times: computes them, of arrays.
        a: the one factors.
        b: the others.
        terms: of each sum.
        samples: gives, for the shape of the result, the terms of some sums, each with its place.
    """
    working = a.precision
    a, b = as_factors(a), as_factors(b)
    value = times(a.value, b.value)
    left, right = np.abs(a.value), np.abs(b.value)
    carried = times(left, b.usable) + times(a.usable, right) + times(a.usable, b.usable)
    magnitude = times(left + a.usable, right + b.usable)
    found = Sums(
        value=value,
        carried=carried,
        magnitude=magnitude,
        roundings=terms,
        lost=np.where(magnitude > 0, terms * working.sums.tiny, 0),
        squares=lambda: times(np.square(left + a.usable), np.square(right + b.usable)),
        samples=lambda: samples(np.shape(value)),
        step=grid(a) * grid(b),
        products=True,
    )
    product = finish(times, (a, b), value, carried, roundoff(working, found))
    return Bounded(product.value, product.bound, working)


def as_factors(x: Bounded) -> Bounded:
    """Return what factors of products are rounded to, in an arithmetic that rounds none again."""
    working = x.precision
    if working.factors is None:
        return x
    off = working.factors.off(x.value, x.usable)
    return Bounded(x.value, x.usable + off, replace(working, factors=None))
