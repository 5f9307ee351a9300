"""Roundings as noise: how far sums are likely to be off, beside how far they may be.

Of n roundings to u each, all may err the same way: that is Higham's γₙ, about n·u, which holds
always. They behave like √n·u. Two models say when:

- ``roundings``: each rounding is zero on average, whatever the others before it were. Then a sum
  of n terms is off by more than ``(exp(λ·√n·u + n·u²) - 1)`` times the sum of their magnitudes
  with a chance of no more than ``2·exp(-λ²/2)``, in any order of additions, with or without fused
  multiplications (Higham & Mary, *A new approach to probabilistic rounding error analysis*, 2019;
  Connolly, Higham & Mary, *Stochastic rounding and its probabilistic backward error analysis*,
  2021).
- ``order``: beside that, the terms are exchangeable, and in which order they are added does not
  depend on their values. Then a partial sum of m of n terms is m/n of the sum S, and a bridge: of
  k roundings, the first parts have the variance of k·u²·S²/3 at most, that of the order one after
  another. The square of a Brownian bridge, summed, is larger than ln(2/p)/π times its scale with
  a chance of p: its tail falls by the exponential, not as a normal one does. So a sum is off by
  ``λ·u·√k·(|S|/√3 + λ/(2·π)·√Q)``, where Q is the sum of the squares of its terms.

Where terms have few values, or lie far below the unit in the last place of their sum, roundings
err alike, and none of it holds. Within numbers of one unit in the last place h, a term x is off by
``f(x) = h·round(x/h) - x`` whatever the sum is: so the sum of all ``f(x)`` tells, for each h that
partial sums have. :func:`drift` is the largest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.floating]

MODELS = ("roundings", "order")
"""What is supposed of roundings, by name."""
NUMBERS = 1e9
"""How many numbers a run may judge: the rate is the chance that any of them is further off."""
HALF = 0.5
"""The root of the largest variance of a bridge, that of its middle: at least that is off."""
DRIFT = 0.5
"""The share of a likely error that roundings that err alike may make up."""
USUAL = 9.0
"""How many deviations a likely error has at least, as its drift is held against it."""
STRAY = 2.0
"""How many roots of the sum of squares partial sums may stray: four deviations of a bridge."""


@dataclass(frozen=True)
class Noise:
    """What is supposed of roundings.

    Args:
        deviations: λ, how many times their standard deviation sums may be off; of 1, bounds are
            standard deviations, or somewhat more; of 0, they have no noise.
        model: one of :data:`MODELS`.

    Raises:
        ValueError: no model has this name.
    """

    deviations: float
    model: str = MODELS[1]

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise ValueError(f"no model is called {self.model!r}: there are {', '.join(MODELS)}")

    @classmethod
    def at(cls, rate: float, model: str = MODELS[1], count: float = NUMBERS) -> Noise:
        """Return the noise that is exceeded at a rate.

        Args:
            rate: the chance that any number of a run is further off, though all is right.
            model: one of :data:`MODELS`.
            count: how many numbers a run judges; λ is 9.18 for a rate of 1e-9 of 1e9 numbers.

        Raises:
            ValueError: the rate is no chance, or no model has this name.
        """
        if not 0 < rate < 1:
            raise ValueError(f"a rate is a chance between 0 and 1, not {rate}")
        return cls(math.sqrt(2 * math.log(2 * count / rate)), model)

    @property
    def orders(self) -> bool:
        """Whether the order of additions is supposed not to depend on the terms."""
        return self.model == MODELS[1]

    @property
    def usual(self) -> Noise:
        """The noise whose error a drift is held against: of some standard deviations at least."""
        return self if self.deviations >= USUAL else replace(self, deviations=USUAL)

    def relative(self, roundings: int, unit: float) -> float:
        """Return how far sums are likely to be off, relative to their terms' magnitudes."""
        exponent = self.deviations * math.sqrt(roundings) * unit + roundings * unit**2
        return math.expm1(exponent) if exponent < 1 else math.inf

    def of_order(self, roundings: int, unit: float, reach: Float, squares: Float) -> Float:
        """Return how far sums are likely to be off, if their terms are exchangeable.

        Args:
            roundings: of each sum.
            unit: the unit roundoff of what they are accumulated in.
            reach: the magnitude of each sum, with what its terms carry.
            squares: of each, the sum of the squares of its terms, with what they carry.
        """
        spread = self.deviations * math.sqrt(roundings) * unit
        bridge = max(self.deviations / (2 * math.pi), HALF) * np.sqrt(squares)
        found: Float = spread * (1 + spread) * (reach / math.sqrt(3) + bridge)
        return found


def drift(terms: Float, digits: int) -> float:
    """Return how far a sum is off whose roundings err alike: the largest for any h.

    Args:
        terms: of one sum.
        digits: of the significand of what they are accumulated in.
    """
    terms = terms[terms != 0]
    if not len(terms) or not np.isfinite(terms).all():
        return 0.0
    reach = abs(float(terms.sum())) + STRAY * math.sqrt(float(np.square(terms).sum()))
    _, (low, high) = np.frexp([float(np.abs(terms).max()), reach])
    units = np.ldexp(1.0, np.arange(low, high + 1) - digits)[:, None]
    off = np.rint(terms / units) * units - terms
    return float(np.abs(off.sum(axis=1)).max())
