"""Every derivative is within its bound of the exact one; at a kink any subgradient is right.

The backend gives the gradient of the sum of results times cotangents; it is compared number by
number, at sampled places of every differentiable array. In every second case most of the
cotangents are zero, so that no fault in one derivative is lost among others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.gradients import Place, gradient_truth
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.judging.comparison import compare_numbers, worst_of
from etalon.conformance.judging.outcomes import Outcome, refused
from etalon.conformance.judging.subject import Refused, Results, Subject
from etalon.conformance.laws.shape_and_dtype import shapes

PLACES = 6
"""At how many places of each array the derivative is taken."""
FEW = 0.3
"""The share of cotangents that are not zero where most are."""

Array = npt.NDArray[Any]


def judge(subject: Subject, case: Case) -> Outcome | None:
    """Compare gradients with the truth; of refused calls and wrong shapes, other laws speak."""
    arguments = case.arguments()
    varied = (n for n, t in case.op.tensors.items() if t.differentiable and not t.dtype)
    names = [n for n in varied if arguments[n] is not None]
    try:
        results = subject.run(case)
    except Refused:
        return None
    if [result.shape for result in results] != shapes(case):
        return None
    generator = np.random.RandomState(case.seed)
    cotangents = _cotangents(generator, case, results)
    leaves = [(name, leaf) for name in names for leaf in _leaves(arguments[name])]
    places = _places(generator, [leaf for _, leaf in leaves])
    try:
        found = subject.gradients(case, arguments, names, cotangents)
    except Refused as refusal:
        return refused(case, refusal.__cause__, refusal.says)
    wide = [np.asarray(c, dtype=np.float64) for c in cotangents]
    exact = gradient_truth(case, arguments, names, wide, places)
    parts = [
        _compared(case, name, leaf, gradient, [p for p in places if p.leaf == i], exact, places)
        for i, ((name, leaf), gradient) in enumerate(zip(leaves, found, strict=True))
    ]
    return worst_of(parts)


def _cotangents(generator: np.random.RandomState, case: Case, results: Results) -> list[Array]:
    """Draw one array for each result of numbers; of what has no derivatives, zeros."""
    cotangents = []
    for tensor, result in zip(case.op.outputs.values(), results, strict=False):
        if tensor.dtype:
            continue
        drawn = np.asarray(generator.standard_normal(result.shape))
        if case.seed % 2:
            drawn = np.where(generator.random_sample(result.shape) < FEW, drawn, 0)
        cotangents.append((drawn * tensor.differentiable).astype(case.dtype))
    return cotangents


def _leaves(argument: Argument) -> list[Array]:
    return list(argument) if isinstance(argument, list) else [np.asarray(argument)]


def _places(generator: np.random.RandomState, leaves: list[Array]) -> list[Place]:
    return [
        Place(leaf, int(index))
        for leaf, array in enumerate(leaves)
        for index in generator.choice(array.size, min(PLACES, array.size), replace=False)
    ]


def _compared(
    case: Case,
    name: str,
    leaf: Array,
    gradient: Array,
    mine: list[Place],
    exact: Bounded,
    places: list[Place],
) -> Outcome:
    label = f"gradient of {name}"
    if (gradient.shape, gradient.dtype.name) != (leaf.shape, case.dtype):
        got = f"{gradient.dtype.name} of shape {gradient.shape}"
        message = f"{label} is {got}, wanted {case.dtype} of shape {leaf.shape}"
        return Outcome(case=case, symptom="wrong shape or dtype", message=message, ratio=np.inf)
    numbers = np.array([gradient.ravel()[place.index] for place in mine], dtype=case.dtype)
    indices = [tuple(map(int, np.unravel_index(p.index, leaf.shape))) for p in mine]
    chosen = np.array([place in mine for place in places], dtype=bool)
    return compare_numbers(case, label, numbers, exact[chosen], indices)
