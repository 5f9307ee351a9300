"""The arithmetic that a backend works in, as the error analysis needs to know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic import formats
from etalon.conformance.arithmetic.contract import DEFAULT, SINGLE, Contract, contract
from etalon.conformance.arithmetic.noise import Noise
from etalon.conformance.arithmetic.ulp_budgets import budgets
from etalon.spec.words import MODES

Float = npt.NDArray[Any]

some = np.count_nonzero
"""Whether any element is true: of a small array, it says so in a third of the time of ``any``."""


def every(mask: npt.NDArray[np.bool_]) -> bool:
    """Return whether all elements are true."""
    return bool(np.count_nonzero(mask) == mask.size)


@dataclass(frozen=True)
class Accumulator:
    """The format that sums are accumulated in; its fields are as those of :class:`Precision`."""

    unit: float
    tiny: float
    largest: float
    digits: int


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
    """How accurate library functions have to be: that follows from the dtype and ``held``."""
    contract: Contract
    """What an implementation may round on the way."""
    sums: Accumulator
    """What its sums are accumulated in."""
    factors: formats.Factors | None = None
    """What factors of sums of products are rounded to first; nothing where they are not."""
    noise: Noise | None = None
    """What is supposed of roundings; nothing, where bounds are guaranteed."""
    held: str = ""
    """Whose published figures the budgets are, and where; nothing where they are the default."""

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

    def rounding(self, value: Float, carried: Float, exact: Any = False) -> Float:
        """Return how far results may be off that are rounded correctly, or not at all.

        Rounding is monotone: what is computed from operands within their bounds lies between the
        rounded ends of what it may be.

        Args:
            value: the results.
            carried: how far they may be off before.
            exact: where the format of the truth holds them; elsewhere its own rounding is added.
        """
        own = np.where(exact, 0, self.of_truth * np.abs(value))
        reach = carried + own
        ends = value - reach, value + reach
        low, high = (np.abs(self._nearest(end) - value) for end in ends)
        off: Float = np.maximum(reach, np.maximum(low, high)) + own
        return off

    @cached_property
    def of_truth(self) -> float:
        """The unit roundoff of the format of the truth."""
        return float(np.finfo(self.truth).eps) / 2

    def holds(self, x: Float) -> Any:
        """Return where the format holds numbers, and that of the truth their products."""
        if 2 * self.digits > np.finfo(self.truth).nmant + 1:
            return np.zeros(x.shape, dtype=bool)
        return self._nearest(x) == x

    def _nearest(self, x: Float) -> Float:
        """Return the number of the format that is nearest, as if there were no largest one."""
        spacing = self.ulp(x)
        nearest: Float = np.rint(x / spacing) * spacing
        return nearest

    @property
    def stores_sums(self) -> bool:
        """Whether a sum is accumulated in a wider format than it is stored in."""
        return self.contract.sums != self.contract.dtype

    def overflown(self, magnitude: Float) -> Float | float:
        """Return the error of a sum of this magnitude whose parts may overflow on the way."""
        largest = self.largest if self.contract.parts else self.sums.largest
        beyond = magnitude > largest
        return np.where(np.isfinite(magnitude) & beyond, np.inf, 0.0) if some(beyond) else 0.0

    def accumulated(self, operations: int) -> float:
        """Return Higham's γ: the relative error of this many roundings in a row."""
        return _gamma(operations, self.unit)

    def summed(self, roundings: int) -> float:
        """Return the relative error of a sum of so many roundings in the accumulator."""
        worst = _gamma(roundings, self.sums.unit)
        likely = self.noise.relative(roundings, self.sums.unit) if self.noise else worst
        return min(worst, likely)

    @cached_property
    def guaranteed(self) -> Precision:
        """The same arithmetic, of whose roundings nothing is supposed."""
        return self.supposing(None)

    def supposing(self, noise: Noise | None) -> Precision:
        """Return the same arithmetic, of whose roundings this is supposed.

        Roundings towards zero all err the same way: they are no noise.
        """
        return replace(self, noise=None if self.contract.towards_zero else noise)

    def multiplied(self, terms: int) -> float:
        """Return the relative error of a sum of so many products, whose factors may be rounded.

        Nothing is claimed where factors, of which nothing is known, may leave their format.
        """
        error, factors = self.summed(terms), self.factors
        if factors is None:
            return error
        return np.inf if np.isfinite(factors.largest) else (1 + error) * (1 + factors.unit) ** 2 - 1

    def stored(self, error: Float, magnitude: Float, reach: Float) -> Float:
        """Return the error of sums once they are stored in the format.

        Args:
            error: what they were accumulated with.
            magnitude: of each, the sum of the magnitudes of its terms.
            reach: of each, the largest magnitude that it may have without this error.
        """
        if not self.stores_sums:
            return error
        own = self.storing * (reach + error)
        return error + own + (self.unit * magnitude if self.contract.parts else 0)

    @property
    def storing(self) -> float:
        """The relative error of a sum as it is stored, where that is not as it is accumulated."""
        return self.unit * (2 if self.contract.truncated else 1) if self.stores_sums else 0.0


def _gamma(operations: int, unit: float) -> float:
    error = operations * unit
    return error / (1 - error) if error < 1 else np.inf


@cache
def precision(dtype: str, mode: str = "eager", name: str = DEFAULT, held: str = "") -> Precision:
    """Return the arithmetic of a dtype in a mode: truth in float64, for float64 in longdouble.

    Whoever judges a subject asks it for its own, :meth:`Subject.precision`, which knows its mode.

    Args:
        dtype: the format.
        mode: how a backend executes; one that rounds factors is a contract of its name.
        name: that of the contract, where the mode is none.
        held: whose published figures it is held to, as :func:`ulp_budgets.held` says.

    Raises:
        ValueError: there is no such dtype, mode or contract.
    """
    if mode not in MODES:
        raise ValueError(f"no mode is called {mode!r}: there are {', '.join(MODES)}")
    own = formats.find(dtype)
    agreed = contract(dtype, own.sums or dtype, mode if mode in own.factors else name)
    own = formats.find(agreed.dtype)
    if agreed.factors not in (own.name, *own.factors):
        raise ValueError(f"factors of {dtype} are not rounded to {agreed.factors}")
    truth: np.dtype[Any] = np.dtype(own.truth)
    if agreed.towards_zero and agreed.sums != SINGLE:
        raise ValueError(f"sums of {dtype} are rounded to nearest by tensor cores, too")
    sums = formats.find(agreed.sums)
    of_truth = float(np.finfo(truth).eps) / 2
    of_sums = sums.unit * (2 if agreed.towards_zero else 1) + of_truth
    return Precision(
        dtype=own.dtype,
        truth=truth,
        unit=own.unit + of_truth,
        tiny=own.tiny,
        largest=own.largest,
        digits=own.digits,
        budgets=budgets(own.name, held),
        contract=agreed,
        sums=Accumulator(of_sums, sums.tiny, sums.largest, sums.digits),
        factors=own.factors.get(agreed.factors),
        held=held,
    )


def precision_of_truth(working: Precision) -> Precision:
    """Return the arithmetic of the truth itself: what the reference's own value is rounded in.

    Its smallest and largest numbers stay in its format: a double holds neither of a longdouble's.
    """
    info: Any = np.finfo(working.truth)
    own = Accumulator(float(info.eps), info.tiny, info.max, info.nmant + 1)
    name = working.truth.name
    return Precision(
        dtype=working.truth,
        truth=working.truth,
        unit=own.unit,
        tiny=own.tiny,
        largest=own.largest,
        digits=own.digits,
        budgets=budgets("float64"),
        contract=contract(name, name),
        sums=own,
    )
