"""The bounded array: a value, and how far a working implementation may be from it.

Running error analysis (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section
3.3), element by element, through NumPy's dispatch protocols: the reference computes with bounded
arrays as it does with plain ones, and each operation adds what one rounding in the working
precision may add to what its inputs already bore.

- A bound of 0 says that the value is exact; an infinite one that nothing is claimed.
- A value that is infinite or NaN whatever its inputs were within their bounds is exact.
- A result so small that it may be subnormal may also be flushed to zero.
- A number that may be beyond the largest of the format may have overflowed: whatever is computed
  from it has an infinite bound.
- A comparison that the bounds leave open is undecided, and both branches are accepted.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic import formats
from etalon.conformance.arithmetic.precision import Float, Precision, every, some
from etalon.conformance.arithmetic.rules import Rules

Corners = Callable[..., Any]

UFUNCS = Rules()
"""What NumPy's element-by-element functions do to bounds."""
FUNCTIONS = Rules()
"""What NumPy's functions on whole arrays do to bounds."""


class Decision:
    """The outcome of a comparison: booleans, and where they might as well be the other way."""

    def __init__(
        self,
        value: npt.NDArray[np.bool_],
        undecided: npt.NDArray[np.bool_],
        precision: Precision,
    ) -> None:
        self.value = value
        self.undecided = undecided
        self.precision = precision

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch(func, types, args, kwargs)

    @property
    def number(self) -> Bounded:
        """1 where it is true and 0 where it is not; where it is undecided, nothing is claimed."""
        value = self.value.astype(self.precision.truth)
        return Bounded(value, np.where(self.undecided, np.inf, 0.0), self.precision)


class Bounded(np.lib.mixins.NDArrayOperatorsMixin):
    """An array of exact values with the bound of the error of each.

    Args:
        value: the exact values, in the format of the truth.
        bound: for each, how far a working implementation may be from it.
        precision: the arithmetic that the implementation works in.
    """

    def __init__(self, value: Float, bound: Float, precision: Precision) -> None:
        self.value = value
        self.bound = bound
        self.precision = precision
        self._usable: Float | None = None

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    size = property(lambda self: self.value.size)
    T = property(lambda self: Bounded(self.value.T, self.bound.T, self.precision))

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Bounded]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Bounded:
        value, bound = np.asarray(self.value[index]), np.asarray(self.bound[index])
        return Bounded(value, bound, self.precision)

    def __bool__(self) -> bool:
        if self.bound.any() and np.abs(self.value) <= self.bound:
            raise ValueError("the truth of this number is undecided within its bound")
        return bool(self.value)

    def __repr__(self) -> str:
        return f"Bounded({self.value!r} ± {self.bound!r}, {self.precision.dtype})"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        rule = UFUNCS.get(ufunc)
        foreign = [x for x in inputs if not isinstance(x, KNOWN)]
        if method != "__call__" or kwargs or rule is None or foreign:
            return NotImplemented
        return rule(*[lift(x, self.precision) for x in inputs])

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch(func, types, args, kwargs)

    @property
    def usable(self) -> Float:
        """The bound as the next operation has to take it: infinite after a possible overflow."""
        if self._usable is None:
            self._usable = self._after_overflow()
        return self._usable

    def confined(self, low: float, high: float) -> Bounded:
        """Return the array, whose numbers lie between two, whatever they are computed from."""
        end = self.precision.unit * max(abs(low), abs(high))
        farthest = np.maximum(self.value - low, high - self.value) + end
        bound = np.where(self.bound > farthest, farthest, self.bound)
        return Bounded(self.value, bound, self.precision)

    def _after_overflow(self) -> Float:
        reach = np.abs(self.value) + self.bound
        if every(reach <= self.precision.largest):
            return self.bound
        overflown = np.isfinite(self.value) & (reach > self.precision.largest)
        return np.where(overflown, np.inf, self.bound)

    @property
    def ends(self) -> tuple[Float, Float]:
        """The smallest and the largest number within the bound; all, where nothing is claimed."""
        usable = self.usable
        if not some(usable):
            return self.value, self.value
        infinite = np.isinf(usable)
        value = np.where(infinite, 0, self.value) if some(infinite) else self.value
        return value - usable, np.where(usable == 0, value, value + usable)

    @property
    def samples(self) -> tuple[Float, Float, Float]:
        """The two ends, and the value between them: 0, where nothing is claimed."""
        return *self.ends, np.where(np.isinf(self.usable), 0, self.value)


KNOWN = (Bounded, Decision, np.ndarray, np.generic, int, float, list, tuple)
"""What bounded arrays compute with; any other array knows itself what to do with a bounded one."""


def dispatch(func: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """Call the rule for one of NumPy's functions, unless another kind of array takes part."""
    if not all(issubclass(type_, KNOWN) for type_ in types):
        return NotImplemented
    if func not in FUNCTIONS:
        raise TypeError(f"bounded arrays have no rule for numpy.{func.__name__}")
    return FUNCTIONS[func](*args, **kwargs)


def lift(x: Any, precision: Precision) -> Any:
    """Return a plain array or number as a bounded one.

    What the format can't hold exactly is off by its rounding; a subnormal number may be taken for
    zero, unless it was given in eight bits: what is small there is widened before it is used.
    """
    if isinstance(x, LIFTED):
        return x
    if type(x) in (int, float):
        return _lifted_number(x, math.copysign(1, x), precision)
    return _lifted(x, precision)


LIFTED = (Bounded, Decision)


@lru_cache(maxsize=256, typed=True)
def _lifted_number(x: float, sign: float, precision: Precision) -> Bounded:
    """Return a number of a formula or a config, told apart by its sign, too: zero has two."""
    return _lifted(x, precision)


def _lifted(x: Any, precision: Precision) -> Bounded:
    value = np.asarray(x, dtype=precision.truth)
    size = np.abs(value)
    flushed = 0.0 if formats.is_quantised(x) else precision.tiny
    bound = np.where(size < flushed, size, _rounding(x, value, precision))
    return Bounded(value, bound, precision)


def _rounding(x: Any, value: Float, precision: Precision) -> Float | float:
    """Return what the format can't hold of each number: nothing of one that is of its dtype."""
    if isinstance(x, np.ndarray) and x.dtype == precision.dtype:
        return 0.0
    held = precision.rounded(value)
    with np.errstate(invalid="ignore"):
        beyond = np.inf if isinstance(x, np.ndarray) and x.ndim else 0.0
        kept = np.where(np.isfinite(value), beyond, 0.0)
        return np.where(np.isfinite(held), np.abs(value - held), kept)


def finish(
    function: Corners,
    operands: Sequence[Bounded],
    value: Float,
    carried: Float,
    roundoff: Float | float = 0.0,
    flushes: bool = True,
    exact: Any = None,
) -> Bounded:
    """Return the result of an operation from its value and the two parts of its bound.

    Args:
        function: what the operation computes, for plain arrays.
        operands: what it was computed from.
        value: the result.
        carried: the error that the operands' bounds bring about.
        roundoff: the error that the operation itself adds.
        flushes: whether it computes anything, so that its result may be flushed to zero.
        exact: given where it is rounded correctly, ``roundoff`` being for this function to find:
            where the format of the truth holds the result.
    """
    precision = operands[0].precision
    if flushes:
        size = np.abs(value)
        reach = size + carried
        if exact is not None:
            roundoff = _rounded_once(precision, value, carried, exact)
        bound = carried + roundoff
        small = size - carried < precision.tiny
        if some(small):
            bound = bound + np.where(small & (reach > 0), np.minimum(reach, precision.tiny), 0)
    else:
        bound = carried + roundoff
    if not every(np.isfinite(value + bound)):
        bound = _of_special(function, operands, value, np.where(np.isnan(bound), np.inf, bound))
    if bound.shape != value.shape:
        bound = np.broadcast_to(bound, value.shape)
    return Bounded(value, bound, precision)


def _rounded_once(precision: Precision, value: Float, carried: Float, exact: Any) -> Float:
    """Return the error of an operation that is rounded correctly, or not at all.

    Of exact operands the result is the nearest number. What carries a bound was computed before, in
    an order or by a formula of the implementation's own: one rounding of its size is left for that.
    """
    loose = precision.unit * (np.abs(value) + carried)
    if every(carried > 0):
        return loose
    return np.where(carried == 0, precision.rounding(value, carried, exact), loose)


def _of_special(
    function: Corners, operands: Sequence[Bounded], value: Float, bound: Float
) -> Float:
    """Return the bound, but for results that are no numbers: these are exact, if certain."""
    special = ~np.isfinite(value)
    if not some(special):
        return bound
    return np.where(special, np.where(_certain(function, operands, value), 0, np.inf), bound)


def corners(function: Corners, operands: Sequence[Bounded]) -> Iterator[Float]:
    """Yield what ``function`` gives for all combinations of the ends of its operands."""
    for ends in itertools.product(*(operand.ends for operand in operands)):
        yield function(*ends)


def _certain(function: Corners, operands: Sequence[Bounded], value: Float) -> Any:
    """Return where the result is the same for all operands; equal infinities, or NaN with NaN.

    Between infinite ends lies 0, too, which times an infinity is another matter than they are.
    """
    if not any(some(operand.bound) for operand in operands):
        return np.ones(np.shape(value), dtype=bool)
    same = [
        (found == value) | (np.isnan(found) & np.isnan(value))
        for numbers in itertools.product(*(operand.samples for operand in operands))
        for found in [function(*numbers)]
    ]
    return np.logical_and.reduce(same)


def at_corners(function: Corners, operands: Sequence[Bounded], value: Float) -> Float:
    """Return the error carried by a function that is monotone in each operand."""
    if not any(some(operand.usable) for operand in operands):
        return np.zeros(np.shape(value), dtype=operands[0].precision.truth)
    distances = [np.abs(corner - value) for corner in corners(function, operands)]
    return functools.reduce(np.maximum, distances)


def indistinct(x: Float, chosen: Float, precision: Precision) -> Float:
    """Return how far ``x`` is from the number chosen by comparison, where either may be taken.

    Where subnormal numbers are taken for zero, a comparison does not tell them apart.
    """
    distance, small = np.abs(x - chosen), np.abs(chosen) < precision.tiny
    if not some(small):
        return np.zeros(distance.shape)
    return np.where((np.abs(x) < precision.tiny) & small, distance, 0)


def library_error(ufunc: Callable[..., Any], value: Float, precision: Precision) -> Float:
    """Return what a library function's accuracy allows it to be off."""
    return precision.budgets[ufunc] * precision.ulp(value)
