"""What a sum of many terms adds to their bounds, whatever the order in which it is accumulated.

Where all terms are exact multiples of one power of two, the *grid*, and the sum of their magnitudes
is no more than the accumulator has digits for, every partial sum in every order is a number of the
accumulator: nothing is rounded but, once, what is stored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.noise import DRIFT, Noise, drift
from etalon.conformance.arithmetic.precision import Float, Precision, some

SAMPLES = 8
"""Of how many sums of an array the terms are looked at."""
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


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Sums of many terms, as what is known of their error depends on them.

    Args:
        value: the sums.
        carried: of each, the error that its terms bring about.
        magnitude: of each, the sum of the magnitudes of its terms, with what they carry.
        roundings: how many each has in the accumulator, in any order.
        lost: of each, what its partial sums may lose that are flushed to zero.
        squares: returns the sum of the squares of the terms of each, with what they carry.
        samples: returns the terms of some of them, each with its place among the sums.
        step: the grid of the terms.
        overflowing: what may overflow, where that is larger than the magnitude.
        products: whether the terms are products, each of which is rounded.
        last: how many roundings follow of the whole sum.
    """

    value: Float
    carried: Float
    magnitude: Float
    roundings: int
    lost: Float | float
    squares: Callable[[], Float]
    samples: Callable[[], Iterable[tuple[int, Float]]]
    step: float = 0.0
    overflowing: Float | None = None
    products: bool = False
    last: int = 0

    @property
    def reach(self) -> Float:
        """The largest magnitude that each may have before it is rounded."""
        found: Float = np.abs(self.value) + self.carried
        return found


Samples = Callable[[tuple[int, ...]], Iterable[tuple[int, Float]]]
"""What gives the terms of some of the sums of a result of this shape, each with its place."""


def places(shape: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield some places of an array, as its flat index and as its indices."""
    size = math.prod(shape)
    for place in dict.fromkeys(np.linspace(0, size - 1, SAMPLES, dtype=int).tolist()):
        if place < size:
            yield place, tuple(int(i) for i in np.unravel_index(place, shape))


def sampled(x: Float, axis: Any) -> Iterator[tuple[int, Float]]:
    """Yield the terms of some of the sums of an array over axes, each with its place."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    summed = [each % x.ndim for each in axes]
    kept = [each for each in range(x.ndim) if each not in summed]
    rows = np.transpose(x, [*kept, *summed])
    shape = rows.shape[: len(kept)]
    for place, index in places(shape):
        yield place, rows[index].ravel()


def roundoff(working: Precision, sums: Sums) -> Float:
    """Return the error that sums add: accumulated, stored, and possibly overflown."""
    exact = held(working.sums.digits, sums.magnitude, sums.step, working.sums.tiny)
    error = np.where(exact, 0, accumulated(working, sums) + sums.lost)
    found = _stored(working, sums, error, exact)
    large = sums.magnitude if sums.overflowing is None else sums.overflowing
    return found + working.overflown(large)


def accumulated(working: Precision, sums: Sums) -> Float:
    """Return what the accumulator is off by: guaranteed, or likely where roundings are noise."""
    if working.noise is None:
        return _in_any_order(working, sums)
    usual = working.noise.usual
    likely = _likely(working, usual, sums)
    if not _are_noise(working, DRIFT * likely, sums):
        return _in_any_order(working.guaranteed, sums)
    return likely if usual is working.noise else _likely(working, working.noise, sums)


def _likely(working: Precision, noise: Noise, sums: Sums) -> Float:
    likely = _in_any_order(working.supposing(noise), sums)
    if noise.orders:
        likely = np.minimum(likely, _in_an_order(noise, working.sums.unit, sums))
    return likely


def _in_any_order(working: Precision, sums: Sums) -> Float:
    found: Float = working.summed(sums.roundings + sums.last) * sums.magnitude
    return found


def _in_an_order(noise: Noise, unit: float, sums: Sums) -> Float:
    """Return what sums are likely to be off by if their order does not depend on the terms."""
    squares = sums.squares()
    found = noise.of_order(sums.roundings, unit, sums.reach, squares)
    if sums.products:
        found = found + noise.deviations * unit * np.sqrt(squares)
    return found + sums.last * unit * sums.reach


def _are_noise(working: Precision, most: Float, sums: Sums) -> bool:
    """Return whether no roundings of some of the sums drift further: few values err alike."""
    limits = most.reshape(-1)
    return all(
        drift(terms, working.sums.digits) <= limits[place]
        for place, terms in sums.samples()
        if np.isfinite(limits[place])
    )


def _stored(working: Precision, sums: Sums, error: Float, exact: Float) -> Float:
    """Return the error of sums as they are stored: that of one correct rounding, by default."""
    contract = working.contract
    if contract.parts or contract.truncated:
        found = working.stored(error, sums.magnitude, sums.reach)
    elif working.stores_sums:
        found = working.rounding(sums.value, sums.carried + error, exact) - sums.carried
    else:
        return error
    kept = held(working.digits, sums.magnitude, sums.step, working.tiny)
    return np.where(kept, 0, found)


def held(digits: int, magnitude: Float, step: float, tiny: float) -> Float:
    """Return where a format has digits for all multiples of the grid up to a magnitude."""
    if not tiny <= step < math.inf:
        return np.zeros(np.shape(magnitude), dtype=bool)
    return np.asarray(magnitude <= step * 2.0**digits)
