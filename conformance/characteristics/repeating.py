"""Whether the same numbers come out again: of the same call, and of a row in another batch."""

from __future__ import annotations

from collections.abc import Iterator

from etalon.conformance.cases.case import Case
from etalon.conformance.characteristics.bench import Arguments, Bench, Finding, each, same_bits

REPEATS = 3
SIZES = (1, 2, 7, 33)
"""The batches in which the first row is compared."""

WIDE = {"features": 257, "units": 65, "channels": 16, "filters": 16, "outputs": 257}
"""Sums so long that the order of their terms shows."""


def same_call(bench: Bench) -> Iterator[Finding]:
    """Measure whether a call that is repeated returns the same bits."""
    case = _batch_of(bench, SIZES[-1]) if bench.op.kind == "layers" else bench.case()
    arguments = case.arguments()
    first = bench.answer(case, arguments)
    again = [bench.answer(case, arguments) for _ in range(REPEATS)]
    same = all(same_bits(first, result) for result in again)
    finding = "the same bits" if same else "other bits"
    yield Finding("the same call again", finding, f"The call is repeated {REPEATS} times.")


def batch(bench: Bench) -> Iterator[Finding]:
    """Measure whether the bits of a row's result depend on the batch that it is in."""
    if bench.op.kind not in ("layers", "activations", "losses") or bench.op.batch not in (
        bench.op.dims
    ):
        return
    whole = _batch_of(bench, SIZES[-1]).arguments()
    found = {}
    for size in SIZES:
        found[size] = bench.answer(_batch_of(bench, size), _rows(bench, whole, size))
        if found[size].shape[:1] != (size,):
            return
    differs = [size for size in SIZES if not same_bits(found[1][0], found[size][0])]
    finding = "no" if not differs else "yes"
    where = f", and differs in those of {', '.join(map(str, differs))}" if differs else ""
    detail = f"The first row is alone and in batches of {', '.join(map(str, SIZES[1:]))}{where}."
    yield Finding("a row depends on its batch", finding, detail)


def _batch_of(bench: Bench, size: int) -> Case:
    """Return the simplest case with long sums and so many examples."""
    name = bench.op.batch
    if name not in bench.op.dims:
        return bench.case(**WIDE)
    largest = max(bench.op.dims[name].values, key=lambda v: len(v) if isinstance(v, tuple) else 0)
    rest = largest[1:] if isinstance(largest, tuple) and name == "shape" else ()
    many = (size, *rest) if isinstance(largest, tuple) else size
    return bench.case(**WIDE, **{name: many})


def _rows(bench: Bench, whole: Arguments, size: int) -> Arguments:
    return {
        name: each(value, lambda array: array[:size].copy()) if name in bench.op.inputs else value
        for name, value in whole.items()
    }
