"""Who is wrong where a backend and the truth disagree: both are held against the exact value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.exact import Exact, Numbers, lift
from etalon.conformance.arithmetic.precision import (
    Precision,
    precision_of_truth,
)
from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.distance import Distance, measured
from etalon.conformance.subjects.subject import Results
from etalon.conformance.truths.exact import exact_truth
from etalon.conformance.truths.values import truth


@dataclass(frozen=True)
class Adjudication:
    """One result of a case: the exact numbers, the truth's, the backend's, and who is right."""

    name: str
    exact: Numbers
    truth: Bounded
    got: npt.NDArray[Any]
    reference: Distance
    backend: Distance

    @property
    def verdict(self) -> str:
        """Which of the two is wrong, in a sentence."""
        if not self.got.size:
            return "both are right: there is no number"
        if not np.isfinite(self.truth.usable).any():
            return "nothing can be said: no number has a finite bound"
        off, wrong = self.backend, f"worst error / bound {self.backend.worst:.2g}"
        if self.reference.right:
            return f"both are right: {wrong}" if off.right else f"the backend is wrong: {wrong}"
        said = "its value is off by more than its own precision allows"
        if off.right:
            return f"the reference is wrong: {said}"
        return f"both are wrong: the reference, as {said}, and the backend, {wrong}"


def adjudicate(case: Case, results: Results, working: Precision) -> tuple[Adjudication, ...]:
    """Hold what a backend returned, and the truth, against the exact values of a case.

    ``working`` is the arithmetic of the backend, which its bound is for.

    The reference is right where its value is within the bound that the same error analysis derives
    for its own arithmetic: float64, or longdouble for float64; and half a unit in the last place of
    it, since no two of its numbers are nearer. To first order that is the bound of
    the case's dtype times the ratio of the two unit roundoffs. But what is derived anew stays
    right where this does not: the config's numbers, which the dtype of the case rounds, subnormal
    and overflowing numbers, and undecided branches.

    The backend is right where it is within the sum of its bound and the reference's: a conforming
    one is within its bound of the truth, and a right truth within its own of the exact value. The
    second part counts only where rounding may have turned a branch of the truth. Where either the
    truth or the exact value is a number and the other is not, the bound means nothing, and nothing
    is said about the backend.

    A result with another shape than the truth has is left out: it has no number to compare.
    """
    arguments = case.arguments()
    own = truth(case, arguments, precision_of_truth(working))
    values = zip(truth(case, arguments, working), own, exact_truth(case, arguments), strict=True)
    parts = zip(case.op.outputs, results, values, strict=False)
    with np.errstate(all="ignore"):
        return tuple(
            _adjudication(name, got, *known) for name, got, known in parts if _alike(got, known)
        )


def _alike(got: npt.NDArray[Any], known: tuple[Bounded, Bounded, Numbers]) -> bool:
    return bool(got.shape == known[0].shape)


def _adjudication(
    name: str, got: npt.NDArray[Any], found: Bounded, own: Bounded, exact: Numbers
) -> Adjudication:
    working, value = found.precision, Exact(exact).rounded(found.value.dtype)
    meaningful = np.isfinite(found.value) == np.isfinite(value)
    bound = np.where(meaningful, found.bound + own.bound, np.inf)
    least = np.where(np.isfinite(value), own.precision.ulp(value) / 2, 0)
    return Adjudication(
        name=name,
        exact=exact,
        truth=found,
        got=got,
        reference=_distance(
            found.value, exact, Bounded(value, own.bound + least, own.precision), working
        ),
        backend=_distance(got, exact, Bounded(value, bound, working), working),
    )


def _distance(
    numbers: npt.NDArray[Any], exact: Numbers, wanted: Bounded, working: Precision
) -> Distance:
    """Return how far numbers are from the exact ones, of which the wanted ones are rounded."""
    value, held = wanted.value, numbers.astype(wanted.value.dtype)
    difference: Exact = np.absolute(lift(held) - Exact(exact))
    errors = np.where((held == value) & np.isinf(value), 0, difference.rounded(value.dtype))
    return measured(held, errors, wanted, working)
