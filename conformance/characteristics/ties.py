"""Which of equal values wins: in the gradient of a maximum, and in argmax."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from etalon.conformance.characteristics.bench import Array, Bench, Finding, filled


def gradient(bench: Bench) -> Iterator[Finding]:
    """Measure which of several equal numbers gets the gradient of their maximum or minimum."""
    if not {"max", "maximum", "minimum"} & set(bench.op.name.split("_")):
        return
    case = bench.case(batch=1, channels=1)
    found = bench.gradient(case, filled(case, 1.0))
    shares = found[0].ravel() if len(found) == 1 else np.array([g.ravel()[0] for g in found])
    yield Finding(
        "gradient of a tie", _shared(shares), f"All {shares.size} numbers compared are equal."
    )


def _shared(shares: Array) -> str:
    """Say in words how a gradient of 1 is shared."""
    (where,) = np.nonzero(shares)
    if where.size == 1 and shares[where[0]] == 1:
        return _position(int(where[0]), shares.size)
    if np.all(shares == 1):
        return "each gets all of it"
    if where.size == shares.size and np.ptp(shares) == 0:
        equally = shares[0] == shares.dtype.type(1 / shares.size)
        return "shared equally" if equally else f"each gets {shares[0]:.3g}"
    return "shares " + ", ".join(f"{share:.3g}" for share in shares[:8])


def _position(index: int, size: int) -> str:
    names = {0: "the first gets it", size - 1: "the last gets it"}
    return names.get(index, f"number {index + 1} of {size} gets it")


def argmax(bench: Bench) -> Iterator[Finding]:
    """Measure which of the equal largest scores a metric takes for the predicted class."""
    if chosen := predicted(bench, np.zeros(4)):
        names: dict[tuple[int, ...], str] = {(0,): "the first wins", (3,): "the last wins"}
        finding = names.get(chosen, "wins: " + ", ".join(f"number {k + 1}" for k in chosen))
        yield Finding("tie in argmax", finding, "All 4 scores are equal.")


def predicted(bench: Bench, scores: Array) -> tuple[int, ...]:
    """Return for which true classes a metric by argmax counts ``scores`` as right."""
    if bench.op.kind != "metrics" or "argmax" not in bench.op.formula:
        return ()
    case = bench.case(splits=(1,), weighted=False, classes=scores.size)
    drawn, right = case.arguments(), []
    for true in range(scores.size):
        labels = np.eye(scores.size, dtype=bench.dtype)[true : true + 1]
        rows = {"y_true": labels, "y_pred": scores[None].astype(bench.dtype)}
        if bench.answer(case, {**drawn, **rows}).ravel()[0] == 1:
            right.append(true)
    return tuple(right)
