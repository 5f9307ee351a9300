"""Tests of random results whose error rate is proven, not approximated.

Every test compares a statistic with a bound that holds for any sample size: Hoeffding's for the
number of successes, Dvoretzky–Kiefer–Wolfowitz's (Massart 1990) for an empirical distribution,
Bernstein's for a mean. Each has a false alarm with probability at most ``ALPHA``, so that a run of
up to ``TESTS`` of them has one with probability at most 1e-9. The ratio of a test is its statistic
over the bound: at most 1 conforms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

TESTS = 100_000
ALPHA = 1e-9 / TESTS
LOG = math.log(2 / ALPHA)


@dataclass(frozen=True)
class Test:
    """One test: its name, its ratio, and the sentence to say where the ratio is above 1."""

    name: str
    ratio: float
    says: str


def successes(name: str, hits: npt.NDArray[np.bool_], probability: float) -> Test:
    """Test how many of independent trials succeed (Hoeffding 1963, theorem 1)."""
    trials, share = hits.size, float(hits.mean()) if hits.size else probability
    ratio = trials * _divergence(share, probability) / LOG
    says = f"{name}: a share of {share:.6g} of {trials}, wanted {probability:.6g}"
    return Test(name, ratio, says)


def _divergence(share: float, probability: float) -> float:
    """Return the Kullback–Leibler divergence of two Bernoulli distributions, in nats."""
    total = 0.0
    for observed, expected in ((share, probability), (1 - share, 1 - probability)):
        if observed > 0:
            total += observed * math.log(observed / expected) if expected > 0 else math.inf
    return max(total, 0.0)


def uniform(name: str, u: Numbers, slack: float = 0.0) -> list[Test]:
    """Test numbers that should be independent and uniform on [0, 1], each known within slack."""
    flat = u.ravel()
    ordered, n = np.sort(flat), flat.size
    steps = _steps(n)
    above, below = np.max(steps[1:] - ordered), np.max(ordered - steps[:-1])
    distance = float(np.maximum(above, below))
    spread = 2 * flat
    spread -= 1
    spread *= spread
    return [
        Test(
            f"{name}: distribution",
            max(distance - slack, 0) / math.sqrt(LOG / (2 * n)),
            f"{name}: the distribution function is off by up to {distance:.4g} in {n} numbers",
        ),
        _mean(f"{name}: centre", flat, 1 / 2, 1 / 12, slack),
        _mean(f"{name}: spread", spread, 1 / 3, 4 / 45, 4 * slack),
        agreement(f"{name}: independence", flat > 0.5, 0.5),
    ]


@lru_cache(maxsize=4)
def _steps(n: int) -> Numbers:
    """Return the values of an empirical distribution function of so many numbers."""
    return np.arange(n + 1) / n


def _mean(name: str, numbers: Numbers, mean: float, variance: float, slack: float) -> Test:
    """Test the mean of numbers within [0, 1] of known variance (Bernstein's inequality)."""
    n, observed = numbers.size, float(numbers.mean())
    off = max(abs(observed - mean) - slack, 0)
    exponent = n * off**2 / (2 * (variance + off / 3))
    return Test(name, exponent / LOG, f"{name}: a mean of {observed:.6g} of {n}, wanted {mean:.6g}")


def agreement(name: str, bits: npt.NDArray[np.bool_], probability: float) -> Test:
    """Test that neighbours, taken in separate pairs, are independent of one another."""
    pairs = bits[: bits.size // 2 * 2].reshape(-1, 2)
    alike = probability**2 + (1 - probability) ** 2
    return successes(name, pairs[:, 0] == pairs[:, 1], alike)


def neighbours(name: str, bits: npt.NDArray[np.bool_], probability: float) -> list[Test]:
    """Test independence along each axis of an array of trials."""
    return [
        agreement(f"{name} along axis {axis}", np.moveaxis(bits, axis, -1).ravel(), probability)
        for axis in range(bits.ndim)
    ]


def normal_cdf(z: Numbers) -> Numbers:
    """Return the distribution function of the standard normal distribution, to 1e-15.

    It is Taylor's polynomial of degree 3 about the nearest of many numbers, so that no number is
    computed one by one in Python.
    """
    parts = np.array_split(z.ravel(), max(z.size // PART, 1))
    cumulated: Numbers = np.concatenate([_cdf(part) for part in parts]).reshape(z.shape)
    return cumulated


PART = 4096
"""How many numbers are computed at a time: larger arrays cost more in memory than in arithmetic."""
EDGE = 9.0
"""Beyond how many standard deviations the distribution function is all but 0 or 1."""
STEP = 2.0**-11


def _cdf(z: Numbers) -> Numbers:
    values, slopes = _known_cdf()
    within = np.clip(z, -EDGE, EDGE)
    steps = np.rint((within + EDGE) / STEP)
    index = np.where(np.isnan(steps), 0, steps).astype(np.intp)
    x = steps * STEP - EDGE
    h = within - x
    found: Numbers = values[index] + slopes[index] * h * (1 - h * (x / 2 + h * (1 - x * x) / 6))
    return found


@cache
def _known_cdf() -> tuple[Numbers, Numbers]:
    """Return the distribution function at each step, and its derivative."""
    places = np.arange(-EDGE, EDGE + STEP, STEP)
    values = [0.5 * math.erfc(-place / math.sqrt(2)) for place in places.tolist()]
    return np.array(values), np.exp(-places * places / 2) / math.sqrt(2 * math.pi)
