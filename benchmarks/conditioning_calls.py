"""What the search for ill conditions asks of a call: values or derivatives, with their digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from etalon.conformance.arithmetic import exact, exact_numbers
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.cases.case import Case
from etalon.conformance.laws.shape_and_dtype import shapes
from etalon.conformance.truths.exact import exact_truth
from etalon.conformance.truths.gradients import Coordinate, gradient_truth
from etalon.conformance.truths.values import truth
from etalon.spec.model import Op

DIGITS_OF_DIFFERENCES = 150
STEP = 2**-160
"""The step of central differences, relative to the input, of which its square is off."""
COORDINATES = 2
"""At how many coordinates of each array the derivative is taken, beside grids."""
TRIALS = 4
SHARE = 2**-10
"""How far a result has to move for its inputs to explain a wide bound or an inexact truth."""
Array = Any
Arguments = Mapping[str, Any]


JOINT = ("softmax", "log_softmax")
"""The functions by which a layer computes a number from a whole row."""


def by_element(op: Op, config: Mapping[str, Any]) -> bool:
    """Return whether an op, so configured, computes each number from one number of x alone."""
    alone = op.batch == "shape" and op.independent == "True" and [*op.tensors] == ["x"]
    return alone and not any(value in JOINT for value in config.values())


def arrays(arguments: Any) -> Iterator[Array]:
    """Yield the arrays of the arguments of a call, those of lists one by one."""
    for argument in arguments:
        if isinstance(argument, list | tuple):
            yield from arrays(argument)
        elif argument is not None:
            yield argument


class Values:
    """The numbers that a case results in."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def truth(self, arguments: Arguments, working: Precision) -> Bounded:
        """Return the truth about them, with the bound of a working precision."""
        return joined(truth(self.case, arguments, working))

    def exact(self, arguments: Arguments) -> Array:
        """Return them in 50 digits, rounded to the widest format."""
        return np.concatenate([_rounded(x) for x in exact_truth(self.case, arguments)])

    def moved(self, arguments: Arguments, working: Precision) -> Array:
        """Return how far the inputs move them, each of which moves by a rounding."""
        before = self.truth(arguments, working).value.ravel()
        generator = np.random.RandomState(0)
        after = [self.truth(nudged(generator, arguments, working), working) for _ in range(TRIALS)]
        return np.max([np.abs(x.value.ravel() - before) for x in after], axis=0)

    def label(self, i: int, arguments: Arguments) -> str:
        """Return which number it is."""
        x = arguments.get("x")
        single = isinstance(x, np.ndarray) and x.ndim == 1 and x.size > i
        return f"x = {float(x[i]):.8g}" if single else f"number {i}"


class Derivatives(Values):
    """The derivatives of the sum of results times cotangents, at a few coordinates."""

    def __init__(self, case: Case, arguments: Arguments) -> None:
        super().__init__(case)
        tensors = case.op.tensors.items()
        varied = [n for n, t in tensors if t.differentiable and not t.dtype]
        self.names = tuple(n for n in varied if arguments[n] is not None)
        leaves = list(arrays(arguments[n] for n in self.names))
        self.apart = own = by_element(case.op, case.config)
        generator = np.random.RandomState(case.seed)
        self.coordinates = tuple(
            Coordinate(place, int(i))
            for place, leaf in enumerate(leaves)
            for i in (range(leaf.size) if own else generator.permutation(leaf.size)[:COORDINATES])
        )
        self.cotangents = tuple(
            np.full(shape, float(tensor.differentiable))
            if own
            else generator.standard_normal(shape) * tensor.differentiable
            for tensor, shape in zip(case.op.outputs.values(), shapes(case), strict=True)
            if not tensor.dtype
        )

    def truth(self, arguments: Arguments, working: Precision) -> Bounded:
        """Return the truth about them, with the bound of a working precision."""
        asked = (self.names, self.cotangents, self.coordinates)
        return gradient_truth(self.case, arguments, *asked, working)

    def exact(self, arguments: Arguments) -> Array:
        """Return their central differences in 150 digits, rounded to the widest format."""
        with digits(DIGITS_OF_DIFFERENCES):
            if self.apart:
                return _rounded(self._difference(arguments, None))
            found = [np.sum(self._difference(arguments, place)) for place in self.coordinates]
            return _rounded(np.array(found, dtype=object))

    def _difference(self, arguments: Arguments, place: Coordinate | None) -> Any:
        """Return what each result contributes; NaN at a kink, where one side's is another."""
        ends = [moved_at(arguments, self.names, place, step) for step in (STEP, 0, -STEP)]
        after, here, before = (self._weighted(moved) for moved, _ in ends)
        rise, bend = after - before, after - here - (here - before)
        slope = rise / np.ravel(ends[0][1] - ends[-1][1])
        return np.where(abs(bend) > SHARE * abs(rise), exact_numbers.NAN, slope)

    def _weighted(self, arguments: Arguments) -> Any:
        results = exact_truth(self.case, arguments)
        tensors = self.case.op.outputs.values()
        numbers = [x for x, t in zip(results, tensors, strict=True) if not t.dtype]
        pairs = zip(numbers, self.cotangents, strict=True)
        return np.concatenate([np.ravel(x * exact.lift(c).value) for x, c in pairs])

    def label(self, i: int, arguments: Arguments) -> str:
        """Return by which number it is."""
        place = self.coordinates[i]
        leaf = list(arrays(arguments[n] for n in self.names))[place.leaf]
        return f"by {float(leaf.ravel()[place.index]):.8g}"


def joined(results: Sequence[Bounded]) -> Bounded:
    """Return results as one array."""
    value, bound = (
        np.concatenate([getattr(result, part).ravel() for result in results])
        for part in ("value", "bound")
    )
    return Bounded(value, bound, results[0].precision)


def nudged(generator: Any, arguments: Arguments, working: Precision) -> Arguments:
    """Return the arguments, each number moved by a rounding, and zero to a tiny number."""

    def moved(x: Array) -> Array:
        if x.dtype != working.dtype:
            return x
        signs = generator.choice([-1.0, 1.0], size=(2, *x.shape))
        wide = x.astype(working.truth)
        return wide * (1 + working.unit * signs[0]) + working.tiny * signs[1]

    return {name: _mapped(moved, argument) for name, argument in arguments.items()}


def moved_at(
    arguments: Arguments, names: Sequence[str], place: Coordinate | None, step: float
) -> tuple[Arguments, Any]:
    """Return the arguments with one number moved, or all, in all digits, and what it became."""
    leaf, number = -1, None

    def moved(x: Array) -> Array:
        nonlocal leaf, number
        leaf += 1
        if place is None:
            number = moved_by(exact.lift(x).value)
            return number
        if leaf != place.leaf:
            return x
        numbers = exact.lift(x).value.copy()
        number = numbers.flat[place.index] = moved_by(numbers.flat[place.index])
        return numbers

    moved_by = np.frompyfunc(lambda x: _stepped(x, step), 1, 1)
    changed = {name: _mapped(moved, arguments[name]) for name in names}
    return {**arguments, **changed}, number


def _stepped(x: Any, step: float) -> Any:
    own = exact_numbers.CONTEXT.convert(x)
    return own + step * (abs(own) if own != 0 else 1)


def _mapped(function: Callable[[Array], Array], argument: Any) -> Any:
    if isinstance(argument, list | tuple):
        return [_mapped(function, part) for part in argument]
    return None if argument is None else function(argument)


def _rounded(numbers: Array) -> Array:
    return exact.Exact(numbers).rounded(np.dtype(np.longdouble)).ravel()


@contextmanager
def digits(count: int) -> Iterator[None]:
    """Compute exact numbers with so many digits."""
    context = exact_numbers.CONTEXT
    before, context.dps = context.dps, count
    try:
        yield
    finally:
        context.dps = before
