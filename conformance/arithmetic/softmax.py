"""What softmax does to bounds: the shares that numbers have in the sum of their exponentials.

As a formula of exponentials, a sum and a quotient it would forget that numerator and denominator
share what they are off by: a share near 1 is accurate even where scores are not.
"""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import special
from etalon.conformance.arithmetic.bounded import FUNCTIONS, Bounded, finish
from etalon.conformance.arithmetic.precision import Float, Precision
from etalon.conformance.arithmetic.sums import Sums, accumulated, sampled


class Exponentials:
    """The exponentials of scores along the last axis, and what they are off by.

    An implementation has ``exp(xⱼ + θⱼ)``, up to a factor that all have, with θ no larger than
    ``slack``: what the argument carries, the rounding of its ``difference`` from the largest, which
    may be off itself, and the error of the exponential, relative to its result.
    """

    def __init__(self, x: Bounded) -> None:
        self.working = working = x.precision
        self.shares = special.softmax_last_axis(x.value)
        self.finite = np.isfinite(x.value)
        largest = np.max(x.value, axis=-1, keepdims=True)
        self.below = np.where(self.finite, x.value - largest, -np.inf)
        reach = np.abs(self.below) + x.usable + np.max(x.usable, axis=-1, keepdims=True)
        self.difference = working.unit * reach
        slack = x.usable + self.difference - np.log1p(-_relative_error(working))
        self.slack = np.where(self.finite | (x.usable > 0), slack, 0)
        self.small = self.finite & (np.exp(self.below - self.slack) < working.tiny)

    @property
    def rounded(self) -> float:
        """The relative error of the quotient, or of the product with the reciprocal, as stored."""
        return self.working.accumulated(3 if self.working.stores_sums else 2)

    @property
    def of_sum(self) -> Float | float:
        """The relative error of the sums of exponentials: shares are their terms, of sum 1."""
        working, roundings = self.working, self.below.shape[-1] - 1
        if working.noise is None or roundings < 1:
            return working.summed(roundings)
        shares = np.where(np.isfinite(self.shares), self.shares, 0)
        one = np.ones_like(shares[..., :1])
        found = Sums(
            value=one,
            carried=np.zeros_like(one),
            magnitude=one,
            roundings=roundings,
            lost=0.0,
            squares=lambda: np.sum(np.square(shares), axis=-1, keepdims=True),
            samples=lambda: sampled(shares, -1),
        )
        return accumulated(working, found)


@FUNCTIONS.implements(special.softmax_last_axis)
def softmax(x: Bounded) -> Bounded:
    """The shares that the last axis has in the sum of its exponentials.

    The share of ``xᵢ`` is ``1 / (1 + sum(exp(xⱼ - xᵢ + θⱼ - θᵢ)))`` over the other j, largest and
    smallest where all θ are at their ends. The sum and the quotient, or the product with the
    reciprocal, add one rounding for each that takes part, and what is flushed; an exponential that
    may be subnormal is rounded to a multiple of the smallest number.
    """
    own, tiny = Exponentials(x), x.precision.tiny
    value = own.shares
    low, high = _ends(own.below, own.slack)
    flushed = np.sum(own.small, axis=-1, keepdims=True) * tiny
    roundings = high * (own.of_sum + own.rounded + flushed)
    roundings = roundings + np.where(own.small, x.precision.ulp(np.zeros_like(value)), 0)
    carried = np.maximum(high - value, value - low)
    carried = np.where(np.isinf(own.slack).any(axis=-1, keepdims=True), np.inf, carried)
    return finish(special.softmax_last_axis, (x,), value, carried, roundings)


def _relative_error(working: Precision) -> float:
    """Return how far an exponential may be off; the unit in the last place is at most two u."""
    return working.budgets[np.exp] * 2 * working.unit


def _ends(below: Float, slack: Float) -> tuple[Float, Float]:
    """Return the smallest and the largest share that each may have."""
    absent = np.isinf(below) & (slack == 0)
    least, most = (1 / (1 + _others(below, slack, end)) for end in (1, -1))
    return np.where(absent, 0, least), np.where(absent, 0, most)


def _others(below: Float, slack: Float, end: int) -> Float:
    """Return how many times as large as each exponential the others are together.

    Theirs have the slack at this end, its own at the other. Infinite where that overflows.
    """
    moved = below + end * slack
    top = np.max(moved, axis=-1, keepdims=True)
    ahead = _sums_before(np.exp(moved - top))
    behind = _sums_before(np.exp(moved - top)[..., ::-1])[..., ::-1]
    found = (ahead + behind) * np.exp(top - below + end * slack)
    alone = np.count_nonzero(np.isfinite(below), axis=-1, keepdims=True) < 2
    return np.where(alone, 0, np.where(np.isnan(found), np.inf, found))


def _sums_before(numbers: Float) -> Float:
    """Return for each number the sum of those before it along the last axis."""
    sums: Float = np.cumsum(numbers, axis=-1)
    return np.concatenate([np.zeros_like(sums[..., :1]), sums[..., :-1]], axis=-1)
