"""Sampled derivatives are within their bounds of the exact ones; at a kink any subgradient is.

The backend gives the gradient of the sum of results times cotangents; it is compared number by
number, at sampled coordinates of every differentiable array, and wherever it gives a NaN or an
infinity. Where zero is right for all that was sampled, as most derivatives of a maximum are, more
are. In every second case most of the cotangents are zero, but never all, so that no fault in one
derivative is lost among others.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.backends.numpy import definition
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.cases.strata import INTEGERS
from etalon.conformance.laws.shape_and_dtype import shapes
from etalon.conformance.laws.two_calls import MISSHAPEN, UNANSWERED
from etalon.conformance.subjects.comparison import compare_numbers, worst_of
from etalon.conformance.subjects.outcomes import Outcome, refused, unjudged
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.conformance.truths.gradients import Coordinate, gradient_truth

AUDITED = LONG = True
COORDINATES = 6
"""At how many coordinates of each array the derivative is taken."""
MORE = 30
"""At how many more, where no digit of these is claimed."""
FEW = 0.3
"""The share of cotangents that are not zero where most are."""

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Question:
    """What is asked about a case: the derivatives by the arguments called ``names``.

    ``leaves`` are their arrays, those of lists one by one, each with the name; ``further`` are the
    coordinates to look at where those first drawn say too little.
    """

    names: tuple[str, ...]
    leaves: tuple[tuple[str, Array], ...]
    cotangents: tuple[Array, ...]
    coordinates: tuple[Coordinate, ...]
    further: tuple[Coordinate, ...]


def judge(subject: Subject, case: Case) -> Outcome:
    """Compare gradients with the truth; of refused calls and wrong shapes, other laws speak."""
    return judged(subject, case, subject.precision(case.dtype))


def judged(subject: Subject, case: Case, working: Precision) -> Outcome:
    """Compare gradients with the truth, and the bounds that an arithmetic gives it."""
    try:
        results = subject.run(case)
    except Refused:
        return unjudged(case, UNANSWERED)
    if [result.shape for result in results] != shapes(case):
        return unjudged(case, MISSHAPEN)
    asked = _question(case)
    if not asked.leaves:
        return unjudged(case, "no array of the call has a derivative")
    try:
        found = subject.gradients(case, case.arguments(), asked.names, asked.cotangents)
    except Refused as refusal:
        return refused(case, refusal.__cause__, refusal.says)
    truth = partial(_truth, case, definition(case.op), working)
    places = _places(asked, found, truth(asked.coordinates))
    exact = truth(places)
    parts = []
    for i, ((name, leaf), gradient) in enumerate(zip(asked.leaves, found, strict=True)):
        mine = np.asarray([place.leaf == i for place in places], dtype=bool)
        chosen = [place.index for place in itertools.compress(places, mine)]
        parts.append(_compared(case, f"gradient of {name}", leaf, gradient, chosen, exact[mine]))
    return worst_of(parts)


@lru_cache(maxsize=64)
def _truth(
    case: Case,
    reference: Callable[..., Any],
    working: Precision,
    places: tuple[Coordinate, ...],
) -> Bounded:
    """Return the truth by a reference and in a precision, by which alone it may differ."""
    asked = _question(case)
    wide = [np.asarray(c, dtype=np.float64) for c in asked.cotangents]
    return gradient_truth(case, case.arguments(), asked.names, wide, places, working)


def _places(asked: Question, found: Sequence[Array], sampled: Bounded) -> tuple[Coordinate, ...]:
    """Return where derivatives are compared: more than sampled, where these say too little."""
    significant = np.any(np.abs(sampled.value) > sampled.bound)
    places = asked.coordinates if significant else (*asked.coordinates, *asked.further)
    return (*places, *_not_finite(asked, found, places))


def _not_finite(
    asked: Question, found: Sequence[Array], places: Sequence[Coordinate]
) -> Iterator[Coordinate]:
    """Yield where else a derivative has to be looked at: it is NaN, or else infinite."""
    for leaf, ((_, array), gradient) in enumerate(zip(asked.leaves, found, strict=True)):
        numbers = gradient.ravel() if gradient.shape == array.shape else np.zeros(0)
        odd = np.flatnonzero(~np.isfinite(numbers))
        nan_first = odd[np.argsort(~np.isnan(numbers[odd]), kind="stable")]
        others = (Coordinate(leaf, int(index)) for index in nan_first)
        yield from itertools.islice((p for p in others if p not in places), COORDINATES)


@lru_cache(maxsize=64)
def _question(case: Case) -> Question:
    arguments = case.arguments()
    varied = (n for n, t in case.op.tensors.items() if t.differentiable and not t.dtype)
    names = tuple(n for n in varied if arguments[n] is not None)
    generator = np.random.RandomState(case.seed)
    cotangents = _cotangents(generator, case)
    leaves = tuple((name, leaf) for name in names for leaf in _leaves(arguments[name]))
    arrays = [leaf for _, leaf in leaves]
    coordinates = _coordinates(generator, arrays, COORDINATES)
    drawn = _coordinates(generator, arrays, COORDINATES + MORE)
    further = tuple(place for place in drawn if place not in coordinates)
    return Question(names, leaves, cotangents, coordinates, further)


def _cotangents(generator: np.random.RandomState, case: Case) -> tuple[Array, ...]:
    """Draw one array for each result of numbers; of what has no derivatives, zeros."""
    cotangents = []
    for tensor, shape in zip(case.op.outputs.values(), shapes(case), strict=True):
        if tensor.dtype:
            continue
        drawn = _cotangent(generator, case, shape)
        if case.seed % 2:
            few = np.where(generator.random_sample(shape) < FEW, drawn, 0)
            drawn = few if few.any() else drawn
        cotangents.append((drawn * tensor.differentiable).astype(case.dtype))
    return tuple(cotangents)


def _cotangent(generator: np.random.RandomState, case: Case, shape: tuple[int, ...]) -> Array:
    """Draw normal numbers; integers, where all numbers of the case are."""
    if case.stratum == INTEGERS:
        return generator.randint(-3, 4, size=shape).astype(np.float64)
    return np.asarray(generator.standard_normal(shape))


def _leaves(argument: Argument) -> list[Array]:
    return list(argument) if isinstance(argument, list) else [np.asarray(argument)]


def _coordinates(
    generator: np.random.RandomState, leaves: list[Array], count: int
) -> tuple[Coordinate, ...]:
    return tuple(
        Coordinate(leaf, int(index))
        for leaf, array in enumerate(leaves)
        for index in generator.choice(array.size, min(count, array.size), replace=False)
    )


def _compared(
    case: Case, label: str, leaf: Array, gradient: Array, chosen: list[int], exact: Bounded
) -> Outcome:
    """Compare the chosen numbers of a gradient with the truth about them."""
    if (gradient.shape, gradient.dtype.name) != (leaf.shape, case.dtype):
        got = f"{gradient.dtype.name} of shape {gradient.shape}"
        message = f"{label} is {got}, wanted {case.dtype} of shape {leaf.shape}"
        return Outcome(case=case, symptom="wrong shape or dtype", message=message, ratio=np.inf)
    numbers = np.asarray(gradient.ravel()[chosen], dtype=case.dtype)
    indices = [tuple(map(int, np.unravel_index(index, leaf.shape))) for index in chosen]
    return compare_numbers(case, label, numbers, exact, indices)
