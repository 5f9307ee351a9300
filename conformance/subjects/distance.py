"""How far the numbers of a result are from those that are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Float, Precision, some

ABOVE_ONE = float(np.nextafter(1, 2))
"""The smallest ratio of a number that is beyond its bound."""


@dataclass(frozen=True)
class Distance:
    """How far the numbers of an array are from those that are wanted.

    The errors are there as they are, in multiples of their bounds, and in units in the last place
    of the case's dtype. A ratio is infinite where no bound could excuse the number.
    """

    errors: Float
    bounds: Float
    ratios: Float
    ulps: Float

    @property
    def place(self) -> tuple[int, ...]:
        """The index of the largest ratio; there has to be a number."""
        return tuple(int(i) for i in np.unravel_index(np.argmax(self.ratios), self.ratios.shape))

    @property
    def worst(self) -> float:
        """The largest ratio; 0 where there is no number."""
        return float(self.ratios.max(initial=0))

    @property
    def right(self) -> bool:
        """Whether every number is within its bound."""
        return self.worst <= 1


def distance(got: npt.NDArray[Any], wanted: Bounded) -> Distance:
    """Return how far the numbers of an array are from those of another, or from one number."""
    with np.errstate(all="ignore"):
        numbers = got.astype(wanted.value.dtype)
        errors = np.where(numbers == wanted.value, 0, np.abs(numbers - wanted.value))
    return measured(numbers, errors, wanted, wanted.precision)


def measured(numbers: Float, errors: Float, wanted: Bounded, working: Precision) -> Distance:
    """Return how far numbers are whose errors are known.

    Args:
        numbers: what was got, in the dtype of the wanted values.
        errors: the error of each.
        wanted: the values, with what the errors may be.
        working: the precision in whose last place errors are told, too.
    """
    value = wanted.value
    with np.errstate(all="ignore"):
        finite = value if _finite(value) else np.where(np.isfinite(value), value, 0)
        ulps = errors / working.ulp(finite)
        return Distance(errors, wanted.bound, _ratios(numbers, errors, wanted), ulps)


def _ratios(numbers: Float, errors: Float, wanted: Bounded) -> Float:
    """Return error / bound for each number; infinite where no bound could excuse it.

    A bound below half a unit in the last place, as that of an exact number, counts as half a unit
    for what is beyond it: how far that is, and not how exact the number, tells causes apart.
    """
    value, bound = wanted.value, wanted.usable
    finite = np.where(errors == 0, 0, errors / bound)
    beyond = finite > 1
    if some(beyond):
        least = np.maximum(bound, wanted.precision.ulp(np.where(np.isfinite(value), value, 0)) / 2)
        finite = np.where(beyond, np.maximum(errors / least, ABOVE_ONE), finite)
    if _finite(numbers, value, bound):  # as nearly all are
        return finite
    finite = np.where(np.isnan(numbers), np.inf, finite)
    alike = (numbers == value) | (np.isnan(numbers) & np.isnan(value))
    special = np.where(alike, 0, np.inf)
    found = np.where(np.isfinite(value), finite, special)
    return np.where(np.isinf(bound), _overflown(numbers, errors, wanted), found)


def _finite(*arrays: Float) -> bool:
    return all(np.isfinite(array).all() for array in arrays)


def _overflown(numbers: Float, errors: Float, wanted: Bounded) -> Float:
    """Judge results that may be beyond the largest number; the rest of the undecided pass.

    Where the bound is finite and the value too large, only the infinity of its sign, or a finite
    number within the bound, is right.
    """
    claimed = np.isfinite(wanted.bound) & np.isfinite(wanted.value)
    right = (numbers == np.copysign(np.inf, wanted.value)) | (errors <= wanted.bound)
    return np.where(claimed & ~right, np.inf, 0)
