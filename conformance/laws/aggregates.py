"""What the errors of all numbers of a result are together, where roundings are noise.

Each error is held against its standard deviation S. Two figures are small then, with chances that
need no model of how the errors of one example depend on each other:

- the root of the mean of z², with z = error / S: the mean is 1 at most. Of n examples it is above
  1 + t with a chance of ``exp(-n·(t - ln(1 + t)) / 2)``, as a sum of squares of normal numbers is;
- the slope ``sum(error·v/S²) / sum(v²/S²)`` over the values v. Within an example errors may all
  have the same sign, examples are independent, so its deviation is that of the sums of ``|v|/S`` by
  example. Roundings of few digits are not quite zero on average: that gets a share of its own. And
  what the bounds are without noise may have the same sign in all numbers: a function of few values,
  such as a clipped probability, is off by the same wherever it has them.
"""

from __future__ import annotations

import math

import numpy as np

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Float
from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.outcomes import Outcome

COUNT = 1e5
"""How many results a run may judge so."""
BIAS = 0.1
"""The share of a standard deviation that roundings may be off on average.

Of squares that are added one after another it was seen to be 0.054: what is nearly 0 beside its sum
is always rounded down.
"""


def together(
    case: Case,
    name: str,
    got: Float,
    wanted: Bounded,
    alike: Bounded,
    rate: float,
    *,
    apart: bool = False,
) -> Outcome:
    """Return the outcome of a result of which each number may be right.

    Args:
        case: of which it is a result.
        name: of the result.
        got: its numbers, in the shape of those that are wanted.
        wanted: the truth, whose bounds are standard deviations.
        alike: the truth, whose bounds have no noise.
        rate: the chance that a run of right results breaks it.
        apart: whether each number is a sum of its own products: it is an example then.
    """
    deviations, values, errors, common = _rows(got, wanted, alike, apart)
    if not errors.size:
        return Outcome(case=case)
    chance = rate / COUNT
    spread = _spread(deviations, errors, chance)
    slope = _slope(deviations, values, errors, common, chance)
    worst = max((spread, slope), key=lambda each: each[0] / each[1])
    figure, most = worst
    outcome = Outcome(case=case, ratio=figure / most)
    if figure <= most:
        return outcome
    if worst == spread:
        symptom = "errors are larger together than noise"
        said = f"the errors of {name} are {figure:.3g} standard deviations, together"
    else:
        symptom = "errors have a factor in common"
        said = f"{name} is off by a factor of {figure:.3g}, in common"
    message = f"{said}; noise leaves {most:.3g}"
    return Outcome(case=case, ratio=figure / most, symptom=symptom, message=message)


def _rows(got: Float, wanted: Bounded, alike: Bounded, apart: bool) -> tuple[Float, ...]:
    """Return deviations, values, errors, and what these may have alike, by example.

    They are 0 where nothing is claimed, or all is.
    """
    value, deviation = wanted.value, wanted.usable
    numbers = np.asarray(got, dtype=value.dtype)
    counted = np.isfinite(value) & np.isfinite(numbers) & np.isfinite(deviation) & (deviation > 0)
    rows = (-1, 1) if apart or value.ndim == 0 else (value.shape[0], -1)
    parts = (deviation, value, numbers - value, np.minimum(alike.usable, deviation))
    found = (np.where(counted, part, 0).reshape(rows) for part in parts)
    return tuple(part if counted.any() else part[:0] for part in found)


def _spread(deviations: Float, errors: Float, chance: float) -> tuple[float, float]:
    """Return the root mean square of errors in deviations, and the most that noise leaves."""
    scaled = _over(errors, deviations)
    count = np.count_nonzero(deviations)
    examples = int(np.count_nonzero(deviations.any(axis=1)))
    found = math.sqrt(float(np.sum(np.square(scaled))) / count)
    return found, math.sqrt(1 + _excess(-2 * math.log(chance) / examples))


def _excess(wanted: float) -> float:
    """Return t of which ``t - ln(1 + t)`` is this: from an upper end on, by Newton's method."""
    t = wanted + math.sqrt(2 * wanted) + 1
    for _ in range(STEPS):
        t -= (t - math.log1p(t) - wanted) * (1 + t) / t
    return t


STEPS = 40
"""How many steps of Newton's method are taken: it is convex there, and converges from above."""


def _slope(
    deviations: Float, values: Float, errors: Float, common: Float, chance: float
) -> tuple[float, float]:
    """Return the magnitude of the slope of errors over values, and the most that noise leaves."""
    sizes = np.abs(_over(values, deviations))
    total = float(np.sum(np.square(sizes)))
    if total == 0:
        return 0.0, 1.0
    slope = float(np.sum(_over(errors, deviations) * _over(values, deviations))) / total
    by_example = np.sum(sizes, axis=1)
    deviation = math.sqrt(float(np.sum(np.square(by_example)))) / total
    bias = float(np.sum(sizes * (BIAS + _over(common, deviations)))) / total
    return abs(slope), math.sqrt(2 * math.log(2 / chance)) * deviation + bias


def _over(numbers: Float, deviations: Float) -> Float:
    found: Float = np.divide(numbers, deviations, out=np.zeros_like(numbers), where=deviations > 0)
    return found
