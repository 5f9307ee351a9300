"""What a sum of many terms adds to their bounds, whatever the order in which it is accumulated.

Where all terms are exact multiples of one power of two, the *grid*, and the sum of their magnitudes
is no more than the accumulator has digits for, every partial sum in every order is a number of the
accumulator: nothing is rounded but, once, what is stored.
"""

from __future__ import annotations

import math

import numpy as np

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Float, Precision, some

DIGITS = 53
"""Of how many bits the numbers are whose grid is looked for."""


def grid(x: Bounded) -> float:
    """Return the largest power of two that all numbers are multiples of; 0 where none is known.

    It is infinite where all numbers are zero.
    """
    if some(x.usable):
        return 0.0
    used = x.value[x.value != 0]
    if not np.isfinite(used).all():
        return 0.0
    significand, exponent = np.frexp(used)
    scaled = np.ldexp(significand, DIGITS)
    whole = scaled.astype(np.int64)
    if some(whole != scaled):
        return 0.0
    lowest = np.log2((whole & -whole).astype(np.float64))
    return float(np.exp2(np.min(lowest + exponent - DIGITS, initial=np.inf)))


def roundoff(
    working: Precision,
    terms: Bounded,
    magnitude: Float,
    error: Float,
    step: float = 0.0,
    overflowing: Float | None = None,
) -> Float:
    """Return the error that sums add: accumulated, stored, and possibly overflown.

    Args:
        working: the arithmetic.
        terms: the sums, with the bounds that their terms carry.
        magnitude: of each, the sum of the magnitudes of its terms.
        error: of each, what the accumulator may be off by, in any order.
        step: the grid of the terms.
        overflowing: what may overflow, where that is larger than the magnitude.
    """
    exact = _holds(working.sums.digits, magnitude, step, working.sums.tiny)
    found = working.stored(np.where(exact, 0, error), magnitude, np.abs(terms.value) + terms.bound)
    if some(exact):
        found = np.where(exact, _stored_once(working, terms.value, found, magnitude, step), found)
    return found + working.overflown(magnitude if overflowing is None else overflowing)


def _stored_once(
    working: Precision, value: Float, found: Float, magnitude: Float, step: float
) -> Float:
    """Return the error of exact sums as they are stored: none, or that of one correct rounding."""
    if not (working.contract.parts or working.contract.truncated):
        once = np.abs(working.rounded(value) - value)
        found = np.where(np.isfinite(once), once, found)
    return np.where(_holds(working.digits, magnitude, step, working.tiny), 0, found)


def _holds(digits: int, magnitude: Float, step: float, tiny: float) -> Float:
    """Return where a format has digits for all multiples of the grid up to a magnitude."""
    if not tiny <= step < math.inf:
        return np.zeros(np.shape(magnitude), dtype=bool)
    return np.asarray(magnitude <= step * 2.0**digits)
