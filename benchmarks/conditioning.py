"""Where the bound or the truth says too little of ordinary numbers: a search over the catalogue.

    python benchmarks/conditioning.py [--op GLOB] [--dtype DTYPE] [--profile quick] [--all]

The inputs are normal numbers: those of every sampled case that has none but these, and for an op
element by element a grid over all magnitudes of the format, of both signs. Told is

- ``infinite``: nothing is claimed of a result that is a normal number;
- ``wide``: the bound is as large as the result, which is far from the smallest normal number;
- ``inexact``: the truth departs by more than 1e-11 of the result from that in 50 digits. This is
  the same reference; of a derivative it is the central difference of the reference in 150 digits,
  which knows nothing of how the derivative is computed.

What the inputs themselves cancel is not told: there the result moves by a thousandth of itself
(``wide``), or a thousandth as far as the truth is off (``inexact``), where each input moves by a
rounding of the format, or of the truth. With ``--all`` each place is told, otherwise the worst of
each op, law, dtype and kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import typer
from measuring import table

from etalon import spec
from etalon.conformance.arithmetic import exact, exact_numbers
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Precision, precision
from etalon.conformance.cases.case import Case
from etalon.conformance.cases.covering_arrays import STRATUM, rows
from etalon.conformance.judging.sampling import sample
from etalon.conformance.laws.shape_and_dtype import shapes
from etalon.conformance.truths.exact import exact_truth
from etalon.conformance.truths.gradients import Coordinate, gradient_truth
from etalon.conformance.truths.values import truth
from etalon.spec.model import Op
from etalon.spec.words import DTYPES, GRADIENTS, VALUES

DIGITS_OF_DIFFERENCES = 150
STEP = 2**-160
"""The step of central differences, relative to the input, of which its square is off."""
SHARE = 2**-10
"""How far a result has to move for its inputs to explain a wide bound or an inexact truth."""
INEXACT = 1e-11
PER_DECADE = 4
CHUNK = 64
"""How many numbers of a grid are in one call."""
COORDINATES = 2
"""At how many coordinates of each array the derivative is taken, beside grids."""
TRIALS = 4
Array = Any
Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """A number of which too little is said."""

    op: str
    law: str
    dtype: str
    kind: str
    where: str
    value: float
    bound: float
    exact: float

    @property
    def badness(self) -> float:
        """What to sort by."""
        return max(self.bound, abs(abs(self.value) - self.exact)) / self.exact


def main(
    op: Annotated[str, typer.Option(help="the ops of this glob alone")] = "*",
    dtype: Annotated[str, typer.Option(help="this dtype alone")] = "",
    profile: Annotated[str, typer.Option(help="how many cases")] = "smoke",
    every: Annotated[bool, typer.Option("--all", help="tell each place")] = False,
) -> None:
    """Search, and print what is found."""
    found: list[Place] = []
    for one in spec.select(op):
        for name in [dtype] if dtype else DTYPES:
            places = [place for call in calls(one, name, profile) for place in searched(*call)]
            found += places if every else worst(places)
    heads = ("op", "law", "dtype", "kind", "value", "bound", "size in 50 digits", "where")
    print(table(heads, [_row(place) for place in found]))
    print(f"\n{len(found)} places")


def _row(place: Place) -> tuple[object, ...]:
    head = (place.op, place.law, place.dtype, place.kind)
    return *head, f"{place.value:.4g}", f"{place.bound:.2g}", f"{place.exact:.4g}", place.where


def worst(places: Sequence[Place]) -> list[Place]:
    """Return the worst of each law and kind."""
    by_kind: dict[tuple[str, str], Place] = {}
    for place in sorted(places, key=lambda p: p.badness):
        by_kind[place.law, place.kind] = place
    return list(by_kind.values())


def calls(op: Op, dtype: str, profile: str) -> Iterator[tuple[str, Case, Arguments]]:
    """Yield the calls of an op on normal numbers: a law, a case, and its arrays."""
    for law in (VALUES, GRADIENTS):
        if law not in op.laws:
            continue
        for case in sample(op, law, dtype, profile, 0):
            arguments = case.arguments()
            if all(_ordinary(array, dtype) for array in _arrays(arguments.values())):
                yield law, case, arguments
        if by_element(op):
            yield from ((law, *call) for call in _on_a_grid(op, dtype))


def by_element(op: Op) -> bool:
    """Return whether an op computes each number from one number of x alone."""
    return op.batch == "shape" and op.independent == "True" and [*op.tensors] == ["x"]


def _on_a_grid(op: Op, dtype: str) -> Iterator[tuple[Case, Arguments]]:
    """Yield calls of an op element by element on a grid, one of each config."""
    x = _grid(precision(dtype)).astype(dtype)
    seen: set[str] = set()
    for row in rows(op):
        own = {name: row[name] for name in (*op.config, *op.dims)}
        key = str({name: own[name] for name in op.config})
        if key not in seen and row[STRATUM] == "normal" and "shape" in own:
            seen.add(key)
            for part in np.split(x, range(CHUNK, x.size, CHUNK)):
                yield Case(op, dtype, "normal", 1.0, 0, {**own, "shape": part.shape}), {"x": part}


def _grid(working: Precision) -> Array:
    """Return numbers of all magnitudes of a format, close together where functions bend."""
    decades = np.log10(working.largest / working.tiny)
    wide = np.geomspace(working.tiny * 2, working.largest / 2, int(decades) * PER_DECADE)
    sizes = np.concatenate([wide, np.linspace(0.1, 120, 400)])
    return np.concatenate([-sizes[::-1], sizes])


def _arrays(arguments: Any) -> Iterator[Array]:
    """Yield the arrays of the arguments of a call, those of lists one by one."""
    for argument in arguments:
        if isinstance(argument, list | tuple):
            yield from _arrays(argument)
        elif argument is not None:
            yield argument


def _ordinary(array: Array, dtype: str) -> bool:
    """Return whether an array has numbers, and none but zero and normal ones far from the ends."""
    if array.dtype != np.dtype(dtype):
        return True
    size, format_ = np.abs(array.astype(np.float64)), precision(dtype)
    normal = (size >= 2 * format_.tiny) & (size <= format_.largest / 2)
    return bool(array.size and (normal | (size == 0)).all())


def searched(law: str, case: Case, arguments: Arguments) -> Iterator[Place]:
    """Yield the places of a call."""
    with np.errstate(all="ignore"):
        yield from _searched(law, case, arguments, precision(case.dtype))


def _searched(law: str, case: Case, arguments: Arguments, working: Precision) -> Iterator[Place]:
    question = Values(case) if law == VALUES else Derivatives(case, arguments)
    found = question.truth(arguments, working)
    exact = question.exact(arguments)
    value, bound = found.value.ravel(), found.bound.ravel()
    size = np.abs(exact).astype(working.truth)
    normal = (size >= working.tiny) & (size <= working.largest)
    far = normal & (size > np.ldexp(working.tiny, working.digits))
    off = np.abs(value - exact).astype(working.truth)
    kinds = {
        "infinite": normal & np.isinf(bound),
        "wide": far & np.isfinite(bound) & (bound >= size),
        "inexact": far & (off > INEXACT * size),
    }
    if not any(where.any() for where in kinds.values()):
        return
    moved = question.moved(arguments, working)
    of_truth = moved * float(np.finfo(working.truth).eps) / working.unit
    kinds["wide"] &= moved < SHARE * size
    kinds["inexact"] &= of_truth < SHARE * off
    for kind, where in kinds.items():
        for i in np.flatnonzero(where):
            place = f"{question.label(i, arguments)} of {case.id}"
            yield Place(case.op.id, law, case.dtype, kind, place, value[i], bound[i], size[i])


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
        leaves = list(_arrays(arguments[n] for n in self.names))
        self.apart = own = by_element(case.op)
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
        leaf = list(_arrays(arguments[n] for n in self.names))[place.leaf]
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


if __name__ == "__main__":
    typer.run(main)
