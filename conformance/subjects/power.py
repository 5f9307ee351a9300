"""The power of a comparison: how small a fault it notices, and of how many numbers it says nothing.

All of it follows from the values that are wanted, their bounds and the format of the answers, so
any law that has these can certify its power. Told of are faults in a result that is otherwise the
wanted one, rounded to the format afterwards: what rounding takes away again can't be seen.

- **gain**: the smallest g such that the result times 1 + g is noticed, of the numbers that may be
  rounded. Numbers whose bound is 0 are counted apart, as ``exact``: any change is noticed in them.
- **shift**: the smallest shift of one number, away from zero, that is noticed whichever number it
  is, relative to the largest magnitude of the result.
- **dropped**: the smallest share of the terms of a sum whose loss is noticed, where the terms are
  equal: the loss of a share s is then the result times 1 - s. Where terms cancel, the sum is
  smaller than they are, and the loss of a smaller share shows. Infinite says that not even the loss
  of all of them is noticed.

A number is *unclaimed* where any finite answer is right, and *insignificant* where zero is right
for it though it is not zero, so that no digit of it is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Float, Precision
from etalon.reports.certificates import Certificate


@dataclass(frozen=True, kw_only=True)
class Power:
    """What a comparison of some numbers would have noticed; infinite where no such fault."""

    numbers: int = 0
    """Numbers that a bound was held against, or that have none."""
    unclaimed: int = 0
    """Numbers of which any finite answer is right."""
    insignificant: int = 0
    """Numbers other than zero in whose place zero is right."""
    exact: int = 0
    """Numbers whose bound is 0."""
    gain: float = math.inf
    """The smallest gain error noticed in numbers that may be rounded."""
    shift: float = math.inf
    """The smallest shift of any one of these, relative to the largest magnitude of its result."""
    dropped: float = math.inf
    """The smallest share of the equal terms of one of these whose loss is noticed."""
    least: float = math.inf
    """The smallest bound / value of all numbers, before anything is rounded."""
    gains: Mapping[int, float] = field(default_factory=dict)
    """The gain by the size of the call, see :func:`sized`."""

    @property
    def claims_nothing(self) -> bool:
        """Whether nothing is claimed of most numbers."""
        return 2 * self.unclaimed > self.numbers

    @property
    def certificate(self) -> Certificate:
        """The power as a record; where all numbers are exact, any fault is noticed: 0."""
        none = 0.0 if self.exact and math.isinf(self.gain) else math.inf
        gain, shift, dropped = (min(fault, none) for fault in (self.gain, self.shift, self.dropped))
        return Certificate(
            gain=f"{gain:.6g}",
            shift=f"{shift:.6g}",
            dropped=f"{dropped:.6g}",
            numbers=self.numbers,
            unclaimed=self.unclaimed,
            insignificant=self.insignificant,
            exact=self.exact,
            gains={size: f"{one:.6g}" for size, one in sorted(self.gains.items())},
        )


def power(value: Float, bound: Float, working: Precision) -> Power:
    """Return the power of comparing numbers with values within their bounds.

    Args:
        value: what is wanted.
        bound: for each, how far an answer may be from it; infinite where nothing is claimed.
        working: the format of the answers.
    """
    with np.errstate(all="ignore"):
        size = np.abs(value)
        unclaimed = np.isinf(bound) | (bound >= size + working.largest)
        decided = size + bound <= working.largest  # what may overflow has no error to be told
        exact = bound == 0
        varying = decided & (size > 0)
        rounded = varying & ~exact
        wide, far = size[rounded], bound[rounded]
        gains = _outwards(wide, far, working) / wide
        shares = _inwards(wide, far, working) / wide
        ratios = bound[varying] / size[varying]
        shifts = _outwards(size[decided & ~exact], bound[decided & ~exact], working)
        relative = shifts / size[decided].max(initial=0)
    return Power(
        numbers=value.size,
        unclaimed=int(np.count_nonzero(unclaimed)),
        insignificant=int(np.count_nonzero(far >= wide)),
        exact=int(np.count_nonzero(exact)),
        gain=float(gains.min(initial=math.inf)),
        shift=float(relative.max()) if relative.size else math.inf,
        dropped=float(shares.min(initial=math.inf)),
        least=float(ratios.min(initial=math.inf)),
    )


def _outwards(size: Float, bound: Float, working: Precision) -> Float:
    """Return how far magnitudes may grow at most for the rounded answer to be within its bound.

    That is up to the middle between the last number of the format that is, and the next.
    """
    step = working.ulp(size + bound)
    return np.maximum(np.floor((size + bound) / step) * step + step / 2 - size, 0)


def _inwards(size: Float, bound: Float, working: Precision) -> Float:
    """Return how far magnitudes may shrink at most; infinite where they may be zero."""
    step = working.ulp(size - bound)
    last = np.ceil((size - bound) / step) * step
    return np.where(bound < size, np.maximum(size - last + step / 2, 0), math.inf)


def power_of(wanted: Bounded, elements: int) -> Power:
    """Return the power of comparing the result of a call on so many numbers with what is wanted."""
    return sized(power(wanted.value, wanted.bound, wanted.precision), elements)


def sized(found: Power, elements: int) -> Power:
    """Return a power with its gain by the size of the call.

    The size is how many numbers go in, rounded down to a power of two: what is summed in an op is
    one of its dimensions, and all of them grow with it.
    """
    if math.isinf(found.gain):
        return found
    size = 1 << (max(elements, 1).bit_length() - 1)
    return Power(**{**vars(found), "gains": {size: found.gain}})


def together(parts: Iterable[Power | None]) -> Power | None:
    """Return the power of several comparisons: a fault is noticed that one of them notices."""
    known = [part for part in parts if part is not None]
    if len(known) < 2:
        return known[0] if known else None
    gains: dict[int, float] = {}
    for part in known:
        for size, gain in part.gains.items():
            gains[size] = min(gain, gains.get(size, math.inf))
    return Power(
        numbers=sum(part.numbers for part in known),
        unclaimed=sum(part.unclaimed for part in known),
        insignificant=sum(part.insignificant for part in known),
        exact=sum(part.exact for part in known),
        gain=min(part.gain for part in known),
        shift=min(part.shift for part in known),
        dropped=min(part.dropped for part in known),
        least=min(part.least for part in known),
        gains=gains,
    )
