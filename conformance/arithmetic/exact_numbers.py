"""Numbers of 50 digits that behave as IEEE 754 prescribes where they are special.

They are mpmath's. mpmath has infinities and NaN, but raises on a division by zero, goes on with
complex numbers outside a function's domain, and has no negative zero. Here a negative zero is
Python's float ``-0.0``, the only number that is not an ``mpf``; and whatever a function gives for
zero, infinity, NaN and outside its domain is NumPy's own answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from etalon.backends.numpy.special import normal_distribution
from etalon.conformance.arithmetic.rules import Rule, Rules

DIGITS = 50
CONTEXT = mpmath.MPContext()
CONTEXT.dps = DIGITS
NAN = CONTEXT.nan
LARGEST_EXPONENT = 2**15
"""Beyond the exponents of all of NumPy's formats."""

Number = Any

RULES = Rules()
"""What NumPy's element-by-element functions do, number by number."""


def number(x: Any) -> Number:
    """Return a number of Python's or NumPy's as what it is, to its last digit."""
    if isinstance(x, CONTEXT.mpf):
        return x
    return -0.0 if x == 0 and np.signbit(x) else CONTEXT.convert(x)


def rounded(x: Number, dtype: np.dtype[Any]) -> Any:
    """Return a number as a format of NumPy's holds it."""
    if isinstance(x, float) or not CONTEXT.isfinite(x):
        return dtype.type(float(x))
    exponent = min(max(x.exp, -LARGEST_EXPONENT), LARGEST_EXPONENT)
    magnitude = np.ldexp(dtype.type(int(x.man)), exponent)
    return -magnitude if x < 0 else magnitude


def negative(a: Number) -> bool:
    """Say whether the sign is minus; a zero has one."""
    return bool(a < 0) or isinstance(a, float)


@RULES.implements(np.add)
def add(a: Number, b: Number) -> Number:
    """A sum; of two negative zeros it is one."""
    return a + b


@RULES.implements(np.subtract)
def subtract(a: Number, b: Number) -> Number:
    """A difference."""
    return a + negate(b)


@RULES.implements(np.multiply)
def multiply(a: Number, b: Number) -> Number:
    """A product."""
    return _signed(a * b, negative(a) != negative(b))


@RULES.implements(np.square)
def square(a: Number) -> Number:
    """A number times itself."""
    return multiply(a, a)


@RULES.implements(np.divide)
def divide(a: Number, b: Number) -> Number:
    """A quotient; by zero it is infinite, or NaN."""
    minus = negative(a) != negative(b)
    if b != 0:
        return _signed(a / b, minus)
    if a == 0 or CONTEXT.isnan(a):
        return NAN
    return CONTEXT.ninf if minus else CONTEXT.inf


@RULES.implements(np.negative)
def negate(a: Number) -> Number:
    """The number with the other sign."""
    if a != 0:
        return -a
    return CONTEXT.zero if negative(a) else -0.0


@RULES.implements(np.absolute)
def absolute(a: Number) -> Number:
    """The number without its sign."""
    return negate(a) if negative(a) else a


@RULES.implements(np.maximum)
def larger(a: Number, b: Number) -> Number:
    """The larger of two; NaN if one of them is."""
    return a if CONTEXT.isnan(a) or a >= b else b


@RULES.implements(np.minimum)
def smaller(a: Number, b: Number) -> Number:
    """The smaller of two; NaN if one of them is."""
    return a if CONTEXT.isnan(a) or a <= b else b


def library(ufunc: Callable[..., Any], function: Rule, above: float = -np.inf) -> Rule:
    """Return the rule of a function of one number.

    Args:
        ufunc: the function in NumPy, which answers where the argument is special.
        function: the function in mpmath.
        above: where its real values begin; up to there the answer is NumPy's.
    """

    def rule(a: Number) -> Number:
        return number(ufunc(float(a))) if _special(a) or a <= above else function(a)

    return rule


RULES[normal_distribution] = library(
    normal_distribution, lambda a: CONTEXT.erfc(-a / CONTEXT.sqrt(2)) / 2
)
RULES[np.cos] = library(np.cos, CONTEXT.cos)
RULES[np.sin] = library(np.sin, CONTEXT.sin)
RULES[np.tanh] = library(np.tanh, CONTEXT.tanh)
RULES[np.log] = library(np.log, CONTEXT.log, above=0)
RULES[np.log1p] = library(np.log1p, CONTEXT.log1p, above=-1)
square_root = RULES[np.sqrt] = library(np.sqrt, CONTEXT.sqrt, above=0)


def exponential(ufunc: np.ufunc, function: Rule) -> Rule:
    """Return the rule of a function that grows as fast as the exponential."""
    rule = library(ufunc, function)
    return lambda a: rule(_reachable(a))


RULES[np.exp] = exponential(np.exp, CONTEXT.exp)
RULES[np.expm1] = exponential(np.expm1, CONTEXT.expm1)


@RULES.implements(np.logaddexp)
def log_of_sum(a: Number, b: Number) -> Number:
    """The logarithm of the sum of two exponentials."""
    if not (CONTEXT.isfinite(a) and CONTEXT.isfinite(b)):
        return number(np.logaddexp(float(a), float(b)))
    less = CONTEXT.exp(_reachable(CONTEXT.mpf(-abs(a - b))))
    return larger(a, b) + CONTEXT.log1p(less)


@RULES.implements(np.power)
def power(a: Number, b: Number) -> Number:
    """A power; of a negative number only to whole exponents.

    A power of one half is a square root, as it is for bounded arrays.
    """
    if b == 0.5:
        return square_root(a)
    b = _reachable(b)
    if _special(a) or _special(b):
        return number(np.power(float(a), float(b)))
    if a < 0 and not CONTEXT.isint(b):
        return NAN
    return a**b


def _reachable(a: Number) -> Number:
    """Return an exponent; as infinity if no format reaches it, for no memory holds its power."""
    if _special(a) or CONTEXT.mag(a) <= LARGEST_EXPONENT:
        return a
    return CONTEXT.ninf if a < 0 else CONTEXT.inf


def _special(a: Number) -> bool:
    return a == 0 or not CONTEXT.isfinite(a)


def _signed(result: Number, minus: bool) -> Number:
    return -0.0 if result == 0 and minus else CONTEXT.mpf(result)
