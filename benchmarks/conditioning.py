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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer
from conditioning_calls import SHARE, Arguments, Array, Derivatives, Values, arrays, by_element
from measuring import table

from etalon import spec
from etalon.conformance.arithmetic.precision import Precision, precision
from etalon.conformance.cases.case import Case
from etalon.conformance.cases.covering_arrays import STRATUM, rows
from etalon.conformance.judging.sampling import sample
from etalon.spec.model import Op
from etalon.spec.words import DTYPES, GRADIENTS, VALUES

INEXACT = 1e-11
PER_DECADE = 4
CHUNK = 64
"""How many numbers of a grid are in one call."""


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
            if all(_ordinary(array, dtype) for array in arrays(arguments.values())):
                yield law, case, arguments
        yield from ((law, *call) for call in _on_a_grid(op, dtype))


def _on_a_grid(op: Op, dtype: str) -> Iterator[tuple[Case, Arguments]]:
    """Yield calls of an op element by element on a grid, one of each config."""
    x = _grid(precision(dtype)).astype(dtype)
    seen: set[str] = set()
    for row in rows(op):
        own = {name: row[name] for name in (*op.config, *op.dims)}
        config = {name: row[name] for name in op.config}
        if str(config) not in seen and row[STRATUM] == "normal" and by_element(op, config):
            seen.add(str(config))
            for part in np.split(x, range(CHUNK, x.size, CHUNK)):
                yield Case(op, dtype, "normal", 1.0, 0, {**own, "shape": part.shape}), {"x": part}


def _grid(working: Precision) -> Array:
    """Return numbers of all magnitudes of a format, close together where functions bend."""
    decades = np.log10(working.largest / working.tiny)
    wide = np.geomspace(working.tiny * 2, working.largest / 2, int(decades) * PER_DECADE)
    sizes = np.concatenate([wide, np.linspace(0.1, 120, 400)])
    return np.concatenate([-sizes[::-1], sizes])


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


if __name__ == "__main__":
    typer.run(main)
