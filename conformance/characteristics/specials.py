"""What becomes of NaN, of the sign of zero, and of subnormal numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from etalon.conformance.characteristics.bench import Array, Bench, Finding, filled
from etalon.conformance.characteristics.ties import predicted

POSITIONS = 16
"""In how many positions NaN is tried, at most."""


def nan(bench: Bench) -> Iterator[Finding]:
    """Measure whether one NaN in the main input reaches the result, wherever it stands."""
    if bench.op.kind not in ("layers", "activations", "losses", "regularizers"):
        return
    if bench.op.inputs[bench.main].dtype:  # of integers, or truths, none is NaN
        return
    case = bench.case()
    seen = []
    for position in range(POSITIONS):
        arguments = filled(case, 0.5)
        given = arguments[bench.main]
        first = given[0] if isinstance(given, list) else given
        if first is None or position >= first.size:
            break
        first.flat[position] = np.nan
        seen.append(bool(np.isnan(bench.answer(case, arguments)).any()))
    if seen:
        some = "propagates from some positions, is swallowed in others"
        finding = "propagates" if all(seen) else some if any(seen) else "swallowed"
        yield Finding("NaN", finding, f"One NaN among numbers; positions tried: {len(seen)}.")


def nan_in_argmax(bench: Bench) -> Iterator[Finding]:
    """Measure whether argmax takes NaN for the largest."""
    if chosen := predicted(bench, np.array([0.0, np.nan, 1.0])):
        names: dict[tuple[int, ...], str] = {(1,): "counts as the largest", (2,): "is passed over"}
        finding = names.get(chosen, "wins: " + ", ".join(f"number {k + 1}" for k in chosen))
        yield Finding("NaN in argmax", finding, "The scores are 0, NaN and 1.")


def sign_of_zero(bench: Bench) -> Iterator[Finding]:
    """Measure whether an input of −0 gives a result of −0."""
    if bench.op.kind not in ("layers", "activations") or bench.op.weights:
        return
    case = bench.case()
    result = bench.answer(case, filled(case, -0.0))
    if result.size and np.all(result == 0):
        negative = np.signbit(result)
        finding = "kept" if negative.all() else "kept in part" if negative.any() else "lost"
        yield Finding("sign of zero", finding, "Every number of the input is −0.")


def subnormals(bench: Bench) -> Iterator[Finding]:
    """Measure whether a subnormal result of a subnormal input is computed, or becomes 0."""
    if bench.op.kind not in ("layers", "activations"):
        return
    tiny = float(np.finfo(bench.dtype).smallest_subnormal) * 2**10
    case = bench.case()
    arguments = filled(case, tiny, others=1.0)
    wanted = bench.wanted(case, arguments)
    due = _subnormal(wanted)
    if due.any():
        result = bench.answer(case, arguments)[due]
        finding = "kept" if result.all() else "flushed in part" if result.any() else None
        detail = f"Every number of the input is {tiny:.2g}, a subnormal one."
        yield Finding("subnormals", finding or "flushed to zero", detail)


def _subnormal(numbers: Array) -> Array:
    found: Array = (numbers != 0) & (np.abs(numbers) < np.finfo(numbers.dtype).smallest_normal)
    return found
