"""Compare what a backend returned with the truth, number by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Float
from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.reports.records import Element


def compare(case: Case, got: tuple[Any, ...], truth: tuple[Bounded, ...]) -> Outcome:
    """Return the outcome of a case: its worst number over all results."""
    wrong_number = miscounted(case, got, truth)
    if wrong_number or not truth:
        return wrong_number or unjudged(case, "there is no result to compare")
    names = tuple(case.op.outputs)
    return worst_of([_compare(case, *part) for part in zip(names, got, truth, strict=False)])


def misshapen(case: Case, got: tuple[Any, ...], truth: tuple[Bounded, ...]) -> Outcome | None:
    """Return the outcome of a call whose results have another number or shape than the truth."""
    parts = zip(case.op.outputs, got, truth, strict=False)
    wrong = (_misshapen(case, *part) for part in parts)
    return miscounted(case, got, truth) or next((found for found in wrong if found), None)


def miscounted(case: Case, got: tuple[Any, ...], truth: tuple[Bounded, ...]) -> Outcome | None:
    """Return the outcome of a call that returns another number of results than the truth has."""
    if len(got) == len(truth):
        return None
    names = ", ".join(case.op.outputs)
    message = f"returned {len(got)} results, wanted {len(truth)}: {names}"
    return Outcome(case=case, symptom="wrong number of results", message=message)


def _misshapen(case: Case, name: str, got: npt.NDArray[Any], truth: Bounded) -> Outcome | None:
    if got.shape == truth.shape:
        return None
    message = f"{name} has shape {got.shape}, wanted {truth.shape}"
    return Outcome(case=case, symptom="wrong shape", message=message)


def worst_of(parts: Sequence[Outcome]) -> Outcome:
    """Return the outcome of a case from those of its results."""
    ordered = sorted(parts, key=lambda part: (part.holds, -part.ratio))
    return replace(
        ordered[0],
        ulp=max(part.ulp for part in parts),
        compared=sum(part.compared for part in parts),
        undecided=sum(part.undecided for part in parts),
        others=tuple(part for part in ordered[1:] if not part.holds),
    )


def _compare(case: Case, name: str, got: npt.NDArray[Any], truth: Bounded) -> Outcome:
    if not got.size and got.shape == truth.shape:
        return Outcome(case=case, compared=1)  # of an empty result, its shape
    return _misshapen(case, name, got, truth) or compare_numbers(case, name, got, truth)


def compare_numbers(
    case: Case,
    name: str,
    got: npt.NDArray[Any],
    truth: Bounded,
    indices: Sequence[tuple[int, ...]] | None = None,
) -> Outcome:
    """Return the outcome of one array; ``indices`` says where its numbers were taken from."""
    if not got.size:
        return Outcome(case=case)
    got = got + 0 if got.dtype == bool else got  # messages and divergences speak of numbers
    with np.errstate(all="ignore"):
        numbers = got.astype(truth.value.dtype)
        errors = np.where(numbers == truth.value, 0, np.abs(numbers - truth.value))
        found = ratios(numbers, errors, truth)
        ulps = np.where(truth.bound > 0, errors / truth.precision.ulp(truth.value), 0)
    place = tuple(int(i) for i in np.unravel_index(np.argmax(found), found.shape))
    decided = np.isfinite(truth.usable)
    outcome = Outcome(
        case=case,
        ratio=float(found[place]),
        ulp=float(np.max(ulps, where=decided & np.isfinite(ulps), initial=0)),
        compared=int(decided.sum()),
        undecided=int(got.size - decided.sum()),
    )
    index = place if indices is None else indices[place[0]]
    return outcome if outcome.ratio <= 1 else _broken(outcome, name, place, index, got, truth)


def ratios(numbers: Float, errors: Float, truth: Bounded) -> Float:
    """Return error / bound for each number; infinite where no bound could excuse it."""
    value, bound = truth.value, truth.usable
    finite = np.where(errors == 0, 0, errors / bound)
    finite = np.where(np.isnan(numbers), np.inf, finite)
    alike = (numbers == value) | (np.isnan(numbers) & np.isnan(value))
    special = np.where(alike, 0, np.inf)
    found = np.where(np.isfinite(value), finite, special)
    return np.where(np.isinf(bound), _overflown(numbers, errors, truth), found)


def _overflown(numbers: Float, errors: Float, truth: Bounded) -> Float:
    """Judge results that may be beyond the largest number; the rest of the undecided pass.

    Where the bound is finite and the value too large, only the infinity of its sign, or a finite
    number within the bound, is right.
    """
    claimed = np.isfinite(truth.bound) & np.isfinite(truth.value)
    right = (numbers == np.copysign(np.inf, truth.value)) | (errors <= truth.bound)
    return np.where(claimed & ~right, np.inf, 0)


def _broken(
    outcome: Outcome,
    name: str,
    place: tuple[int, ...],
    index: tuple[int, ...],
    got: npt.NDArray[Any],
    truth: Bounded,
) -> Outcome:
    """Return the outcome with the number at ``place``, each in the digits of its own format."""
    value, bound, number = truth.value[place], truth.bound[place], got[place]
    where = f"{name}[{', '.join(map(str, index))}]" if index else name
    element = Element(
        output=name,
        index=index,
        wanted=str(value),
        got=str(number),
        error=f"{float(abs(value.dtype.type(number) - value)):.3g}",
        bound=f"{float(bound):.3g}",
        ratio=f"{outcome.ratio:.3g}",
    )
    return replace(
        outcome,
        symptom=_symptom(float(value), float(number)),
        message=(
            f"{where} is {element.got}, wanted {element.wanted} ± {element.bound} "
            f"(error / bound {element.ratio})"
        ),
        element=element,
    )


def _symptom(wanted: float, got: float) -> str:
    kinds = {kind(wanted), kind(got)}
    if kinds == {"number"}:
        return "beyond the bound"
    return f"{kind(got)} in place of {kind(wanted)}"


def kind(number: float) -> str:
    """Return what sort of number this is, in a word."""
    if np.isnan(number):
        return "NaN"
    return "infinity" if np.isinf(number) else "number"
