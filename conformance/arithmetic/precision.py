"""The arithmetic that a backend works in, as the error analysis needs to know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic import formats
from etalon.conformance.arithmetic.ulp_budgets import ULPS
from etalon.spec.words import MODES

Float = npt.NDArray[Any]

some = np.count_nonzero
"""Whether any element is true: of a small array, it says so in a third of the time of ``any``."""


def every(mask: npt.NDArray[np.bool_]) -> bool:
    """Return whether all elements are true."""
    return bool(np.count_nonzero(mask) == mask.size)


@dataclass(frozen=True)
class Precision:
    """A floating-point format and the wider one in which its truth is computed.

    ``unit`` is the unit roundoff; the truth's own is added to it, so that the bound holds for what
    was really computed. ``tiny`` is the smallest normal number, ``largest`` the largest finite one,
    ``digits`` the number of bits of the significand.
    """

    dtype: np.dtype[Any]
    truth: np.dtype[Any]
    unit: float
    tiny: float
    largest: float
    digits: int
    budgets: Mapping[Callable[..., Any], float] = field(compare=False, repr=False)
    """How accurate library functions have to be: that follows from the dtype."""
    factors: float = 0.0
    """The unit roundoff in which factors of sums of products are rounded first; 0: they are not."""

    def rounded(self, x: Float) -> Float:
        """Return ``x`` as the format holds it, in the format of the truth."""
        with np.errstate(over="ignore", invalid="ignore"):
            return x.astype(self.dtype).astype(self.truth)

    def ulp(self, x: Float) -> Float:
        """Return the unit in the last place at ``x``: the spacing of the format's numbers there."""
        magnitude = np.maximum(np.abs(x), self.tiny)
        _, exponent = np.frexp(magnitude)
        spacing: Float = np.ldexp(magnitude.dtype.type(1), exponent - self.digits)
        return spacing

    def overflown(self, magnitude: Float) -> Float | float:
        """Return the error of a sum of this magnitude whose parts may overflow on the way."""
        beyond = magnitude > self.largest
        return np.where(np.isfinite(magnitude) & beyond, np.inf, 0.0) if some(beyond) else 0.0

    def accumulated(self, operations: int) -> float:
        """Return Higham's γ: the relative error of this many roundings in a row."""
        error = operations * self.unit
        return error / (1 - error) if error < 1 else np.inf

    def multiplied(self, terms: int) -> float:
        """Return the relative error of a sum of so many products, whose factors may be rounded."""
        error = self.accumulated(terms)
        return (1 + error) * (1 + self.factors) ** 2 - 1 if self.factors else error


@cache
def precision(dtype: str, mode: str = "eager") -> Precision:
    """Return the arithmetic of a dtype in a mode: truth in float64, for float64 in longdouble.

    Whoever judges a subject asks it for its own, :meth:`Subject.precision`, which knows its mode.

    Raises:
        ValueError: there is no such dtype or mode.
    """
    if mode not in MODES:
        raise ValueError(f"no mode is called {mode!r}: there are {', '.join(MODES)}")
    own = formats.find(dtype)
    truth: np.dtype[Any] = np.dtype(own.truth)
    return Precision(
        dtype=own.dtype,
        truth=truth,
        unit=own.unit + float(np.finfo(truth).eps) / 2,
        tiny=own.tiny,
        largest=own.largest,
        digits=own.digits,
        budgets=own.budgets,
        factors=own.factors.get(mode, 0.0),
    )


def precision_of_truth(working: Precision) -> Precision:
    """Return the arithmetic of the truth itself: what the reference's own value is rounded in.

    Its smallest and largest numbers stay in its format: a double holds neither of a longdouble's.
    """
    info: Any = np.finfo(working.truth)
    return Precision(
        dtype=working.truth,
        truth=working.truth,
        unit=float(info.eps),
        tiny=info.tiny,
        largest=info.max,
        digits=info.nmant + 1,
        budgets=ULPS,
    )
