"""Compare what a backend returned with the truth, number by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.distance import Distance, distance
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.power import power_of, together
from etalon.reports.records import Element

BEYOND = "beyond the bound"
"""The symptom of a number that is too far from the wanted one."""


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
    if len(parts) == 1:
        return parts[0]
    ordered = sorted(parts, key=lambda part: (part.holds, -part.ratio))
    return replace(
        ordered[0],
        ulp=max(part.ulp for part in parts),
        compared=sum(part.compared for part in parts),
        undecided=sum(part.undecided for part in parts),
        others=tuple(part for part in ordered[1:] if not part.holds),
        power=together(part.power for part in parts),
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
    found, decided = distance(got, truth), np.isfinite(truth.usable)
    compared = int(np.count_nonzero(decided))
    outcome = Outcome(
        case=case,
        ratio=found.worst,
        ulp=float(found.ulps[decided & np.isfinite(found.ulps)].max(initial=0)),
        compared=compared,
        undecided=got.size - compared,
        power=power_of(truth, case.elements),
    )
    if outcome.ratio <= 1:
        return outcome
    shown = worst_element(name, got, truth, found, indices)
    return _broken(outcome, shown)


def worst_element(
    name: str,
    got: npt.NDArray[Any],
    truth: Bounded,
    found: Distance,
    indices: Sequence[tuple[int, ...]] | None = None,
) -> Element:
    """Return the number that is furthest off, each in the digits of its own format."""
    place = found.place
    value, number = truth.value[place], got[place]
    return Element(
        output=name,
        index=place if indices is None else indices[place[0]],
        wanted=str(value),
        got=str(number),
        error=f"{float(abs(value.dtype.type(number) - value)):.3g}",
        bound=f"{float(truth.bound[place]):.3g}",
        ratio=f"{float(found.ratios[place]):.3g}",
    )


def _broken(outcome: Outcome, shown: Element) -> Outcome:
    """Return the outcome of a law that is broken, as a number shows."""
    where = f"{shown.output}[{', '.join(map(str, shown.index))}]" if shown.index else shown.output
    return replace(
        outcome,
        symptom=_symptom(float(shown.wanted), float(shown.got)),
        message=(
            f"{where} is {shown.got}, wanted {shown.wanted} ± {shown.bound} "
            f"(error / bound {shown.ratio})"
        ),
        element=shown,
    )


def _symptom(wanted: float, got: float) -> str:
    kinds = {kind(wanted), kind(got)}
    if kinds == {"number"}:
        return BEYOND
    return f"{kind(got)} in place of {kind(wanted)}"


def same_departure(one: Outcome, other: Outcome) -> bool:
    """Return whether two answers to a case depart from the truth in the same way.

    Their worst number is the same one, and both are equal but for the bound of it, which is what
    rounding may do. Where there is no such number, as of a call that is refused, the same is said.
    """
    mine, theirs = one.element, other.element
    if mine is None or theirs is None:
        return mine is theirs and (one.symptom, one.message) == (other.symptom, other.message)
    if (mine.output, mine.index) != (theirs.output, theirs.index):
        return False
    got, also = np.longdouble(mine.got), np.longdouble(theirs.got)
    alike = got == also or (np.isnan(got) and np.isnan(also))
    return bool(alike or (np.isfinite(got - also) and abs(got - also) <= float(mine.bound)))


def kind(number: float) -> str:
    """Return what sort of number this is, in a word."""
    if np.isnan(number):
        return "NaN"
    return "infinity" if np.isinf(number) else "number"
