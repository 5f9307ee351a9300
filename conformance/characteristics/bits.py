"""How precisely a product is computed: the significand bits of its factors that count."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from etalon.conformance.arithmetic.formats import FORMATS
from etalon.conformance.cases.case import Case
from etalon.conformance.characteristics.bench import Arguments, Array, Bench, Finding

ROWS = 64
"""As many products as a call can show: more than the bits of any dtype judged."""

NAMES = {own.digits: own.bits for own in FORMATS.values()}
"""How many bits it is, in words that say which format has so many."""


def significand(bench: Bench) -> Iterator[Finding]:
    """Measure how many bits of an input are used where a kernel multiplies it.

    Row k of the input has 1 + 2^−k in its first channel, and 0 in all others. The kernel takes
    each output from that channel alone, so the result is 1 + 2^−k where k + 1 bits are used.
    """
    if bench.op.kind != "layers" or not {"x", "kernel"} <= set(bench.op.tensors):
        return
    case = bench.case(batch=_batch(bench), features=ROWS, units=ROWS, channels=ROWS, filters=ROWS)
    arguments = case.arguments() | _factors(case)
    full = FORMATS[bench.dtype].digits
    if _bits(bench.wanted(case, arguments)) >= full:
        found = min(_bits(bench.answer(case, arguments)), full)
        detail = "The largest k for which 1 + 2^(1−k) times 1 is exact."
        yield Finding("precision of a product", NAMES.get(found, f"{found} bits"), detail)


def _batch(bench: Bench) -> int | tuple[int, ...]:
    simplest = bench.case().known["batch"] if "batch" in bench.op.dims else ROWS
    return (ROWS,) if isinstance(simplest, tuple) else ROWS


def _factors(case: Case) -> Arguments:
    arguments = case.arguments()
    x, kernel = np.zeros_like(arguments["x"]), np.zeros_like(arguments["kernel"])
    first = x[:, 0] if case.known.get("data_format") == "channels_first" else x[..., 0]
    numbers = 1 + 2.0 ** -np.arange(1, ROWS + 1)
    first[...] = numbers.reshape(ROWS, *(1,) * (first.ndim - 1))
    kernel[(0,) * (kernel.ndim - 1)] = 1
    return {"x": x, "kernel": kernel}


def _bits(result: Array) -> int:
    """Return one more than the number of rows that are exact, up to the first that is not."""
    largest = result.reshape(ROWS, -1).max(axis=1).astype(np.float64)
    dropped = largest != 1 + 2.0 ** -np.arange(1, ROWS + 1)
    return 1 + (int(np.argmax(dropped)) if dropped.any() else ROWS)
