"""What attention as a whole does to likely errors: scores, shares and values together.

The weights of attention add up to 1 whatever their scores are off by: where those of the scores are
``exp(tau_j)`` times what they should be, the result y is off by
``sum(p_j * (exp(tau_j) - 1) * (v_j - y)) / sum(p_k * exp(tau_k))``. Of the errors tau,

- the roundings of the scores themselves are noise, other for each score: as bounded numbers of mean
  zero they are sub-Gaussian, and their sum is within ``deviations * sqrt(sum(p² s² (v - y)²))``
  (Hoeffding 1963). Scores that are equal may err alike: m of them add up to sqrt(m) times that;
- what queries and keys carried, and the error of the exponential, may be alike in all of them: they
  add up as magnitudes, which matrix products bound by the inequality of Cauchy and Schwarz.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from etalon.backends.numpy import special
from etalon.conformance.arithmetic.bounded import FUNCTIONS, LIFTED, Bounded, lift
from etalon.conformance.arithmetic.noise import Noise
from etalon.conformance.arithmetic.precision import Float, Precision
from etalon.conformance.arithmetic.softmax import Exponentials, softmax
from etalon.conformance.arithmetic.sums import places

DEVIATION = Noise(1.0, "roundings")
"""What makes bounds of sums standard deviations of what is sub-Gaussian."""


@FUNCTIONS.implements(special.dot_attention)
def dot_attention(query: Any, key: Any, value: Any, scale: Any, mask: Any) -> Bounded:
    """Values weighted by their shares; where roundings are noise, as near as this rule says."""
    arrays = [query, key, value, scale]
    working = next(x.precision for x in arrays if isinstance(x, LIFTED))
    query, key, value, scale = (None if x is None else lift(x, working) for x in arrays)
    scores = special.dot_scores(query, key, scale, mask)
    found: Bounded = softmax(scores) @ value
    if working.noise is None or not (scores.size and value.size):
        return found

    def fresh(own: Precision) -> Float:
        one, other, factor = (
            None if x is None else _exact(x.value, own) for x in (query, key, scale)
        )
        scores: Bounded = special.dot_scores(one, other, factor, mask)
        return scores.usable

    with np.errstate(invalid="ignore", over="ignore"):
        deviation = fresh(working.supposing(DEVIATION))
        likely = _likely(scores, value, fresh(working), deviation)
    narrower = likely < found.bound
    return Bounded(found.value, np.where(narrower, likely, found.bound), working)


def _exact(value: Float, working: Precision) -> Bounded:
    return Bounded(value, np.zeros_like(value), working)


def _likely(scores: Bounded, value: Bounded, fresh: Float, deviation: Float) -> Float:
    """Return how far results are likely to be off; NaN or infinite where that can't be said.

    Args:
        scores: what is softened, with all that it is off by.
        value: what is weighted.
        fresh: what the scores are off by if queries, keys and the scale are exact.
        deviation: the same in standard deviations, or somewhat more.
    """
    working = scores.precision
    assert working.noise is not None
    own, v = Exponentials(scores), value.value
    p, deviations = own.shares, working.noise.deviations
    summed = _exact(p, working) @ value
    y = summed.value
    noise = deviation + own.difference
    alike = own.slack - np.minimum(own.slack, fresh + own.difference) + np.square(own.slack)
    common = _weighted(p, alike)
    many = np.sqrt(_most_equal(scores.value))
    off = deviations * many * np.sqrt(_squares(np.square(_weighted(p, noise)), v, y))
    off = off + np.sqrt(np.sum(common, axis=-1, keepdims=True) * _squares(common, v, y))
    off = off + deviations * own.rounded * np.sqrt(np.square(p) @ np.square(v))
    off = off + (own.of_sum + own.rounded) * np.abs(y)
    lost = np.where(own.small, working.tiny, 0) + np.where(p < 2 * working.tiny, p, 0)
    off = off + lost @ np.abs(v) + np.sum(lost, axis=-1, keepdims=True) * np.abs(y)
    most = np.max(np.where(p > 0, own.slack, 0), axis=-1, keepdims=True)
    found: Float = np.exp(2 * most) * (summed.bound + off)
    return found


def _weighted(shares: Float, error: Float) -> Float:
    """Return shares times errors; what has no share has no error."""
    found: Float = np.where(shares == 0, 0, shares * error)
    return found


def _squares(weight: Float, v: Float, y: Float) -> Float:
    """Return ``sum(weightⱼ · (vⱼ - y)²)`` of each result."""
    total = np.sum(weight, axis=-1, keepdims=True)
    found = weight @ np.square(v) - 2 * y * (weight @ v) + np.square(y) * total
    positive: Float = np.maximum(found, 0)
    return positive


def _most_equal(scores: Float) -> int:
    """Return how many finite scores of some row are equal, and may err alike."""
    most = 1
    for _, index in places(scores.shape[:-1]):
        row = scores[index]
        counts = np.unique(row[np.isfinite(row)], return_counts=True)[1]
        most = max(most, *counts.tolist(), 1)
    return most
