"""The audit of the bounds: small faults in the results of a backend that a law has to catch.

The power of a verdict promises which faults it notices. A planted fault that is promised and passes
in all cases that the backend is right in is an error of Etalon's: of the law, or of the power. One
that is smaller than promised may pass; the verdicts of a run say which faults were caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance import laws
from etalon.conformance.arithmetic.formats import FORMATS
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.power import Power
from etalon.conformance.subjects.subject import Results, Subject
from etalon.spec.words import DISTRIBUTION

Array = npt.NDArray[Any]
Fault = Callable[[Array], Array]


@dataclass(frozen=True)
class Audit:
    """Of the faults that were planted, which were caught, and which of the others are promised.

    ``below_power`` are those that were not caught and that no power promised to catch.
    """

    caught: Mapping[str, bool] = field(default_factory=dict)
    below_power: tuple[str, ...] = ()

    @property
    def missed(self) -> tuple[str, ...]:
        """The faults that had to be caught, and were not."""
        passed = (name for name, caught in self.caught.items() if not caught)
        return tuple(name for name in passed if name not in self.below_power)


class Faulty(Subject):
    """A subject with one fault in all that it returns.

    Args:
        honest: the subject without it.
        fault: what it does to each array.
        known: the honest gradients by case, one for all faults, as a law asks for the same ones.
    """

    def __init__(self, honest: Subject, fault: Fault, known: dict[str, Results]) -> None:
        self._honest = honest
        self._fault = fault
        self._known = known
        self._planted: tuple[tuple[Array, Array], ...] = ()
        self._spared = False

    @property
    def differentiates(self) -> bool:
        """Whether the honest subject takes gradients."""
        return self._honest.differentiates

    def precision(self, dtype: str) -> Precision:
        """Return the arithmetic of the honest subject."""
        return self._honest.precision(dtype)

    def run(self, case: Case) -> Results:
        """Return the honest results, each with the fault."""
        outputs = case.op.outputs.values()
        pairs = tuple(zip(self._honest.run(case), outputs, strict=True))
        self._plant(r for r, tensor in pairs if not tensor.dtype)
        self._spared = len(self._planted) < len(pairs)
        faulty = iter(self._planted)
        return tuple(r if tensor.dtype else next(faulty)[1] for r, tensor in pairs)

    def gradients(self, case: Case, *call: Any) -> Results:
        """Return the honest gradients, each with the fault."""
        if case.id not in self._known:
            self._known[case.id] = self._honest.gradients(case, *call)
        self._plant(self._known[case.id])
        self._spared = False
        return tuple(faulty for _, faulty in self._planted)

    def _plant(self, results: Iterable[Array]) -> None:
        """Keep the results of a call beside those with the fault."""
        self._planted = tuple((result, self._fault(result)) for result in results)

    @property
    def shows(self) -> bool:
        """Whether the fault changed a result: zeros times 1.0009, for one, are what they were."""
        return any(not np.array_equal(*pair, equal_nan=True) for pair in self._planted)

    def promised(self, power: Power | None) -> bool:
        """Return whether a comparison of such power has to notice the fault.

        Right answers may be off by their bound on the side from which the fault comes, so one that
        changes every number by a share of it has to be larger than twice bound / value of one to
        be noticed for certain; nor may that be of a result that the fault spares, such as a mask. A
        NaN is right nowhere but where nothing is claimed, or where it is wanted. Where there are no
        bounds, as of random numbers, every fault is planted large enough.
        """
        if power is None:
            return self.shows
        if any(np.any(np.isnan(faulty) & ~np.isnan(own)) for own, faulty in self._planted):
            return power.numbers > 0 and power.unclaimed == 0
        enough = self._change * (1 - power.least) > 2 * power.least
        return enough and not self._spared

    @property
    def _change(self) -> float:
        """The smallest share by which the fault changes a normal number; 0 where there is none."""
        changes = [
            np.abs(faulty[normal].astype(np.longdouble) - own) / np.abs(own)
            for array, faulty in self._planted
            if array.dtype.name in FORMATS
            for normal in [np.isfinite(array) & (np.abs(array) >= FORMATS[array.dtype.name].tiny)]
            for own in [array[normal].astype(np.longdouble)]
        ]
        return min((float(change.min()) for change in changes if change.size), default=0.0)


def audit(subject: Subject, law: str, dtype: str, cases: Iterable[Case]) -> Audit:
    """Plant each fault into all cases until the law catches it; leave out what changes nothing."""
    known: dict[str, Results] = {}
    tried = tuple(cases)
    found = {
        name: _tried(laws.find(law), Faulty(subject, fault, known), tried)
        for name, fault in faults(law, dtype).items()
    }
    shown = {name: attempt for name, attempt in found.items() if attempt.shows}
    return Audit(
        {name: attempt.caught for name, attempt in shown.items()},
        tuple(name for name, one in shown.items() if not one.caught and not one.promised),
    )


@dataclass(frozen=True)
class Attempt:
    """What came of one fault in all cases: did it change anything, was it promised, was it seen?"""

    shows: bool
    promised: bool
    caught: bool


def _tried(judge: laws.Law, faulty: Faulty, cases: Iterable[Case]) -> Attempt:
    shows = promised = False
    for case in cases:
        outcome = judge(faulty, case)
        if not outcome.holds:
            return Attempt(shows=True, promised=True, caught=True)
        shows = shows or faulty.shows
        promised = promised or (faulty.shows and faulty.promised(outcome.power))
    return Attempt(shows, promised, caught=False)


def faults(law: str, dtype: str) -> Mapping[str, Fault]:
    """Return the faults that a law has to catch in a dtype, by name."""
    common: dict[str, Fault] = {"zeros": np.zeros_like, "a NaN": _with_nan}
    if law == DISTRIBUTION:
        return {"times 1.02": _times(1.02), **common}
    own = FORMATS[dtype]
    factors = {f"times {written}": _times(factor) for written, factor in own.faults.items()}
    coarser = {f"in {own.coarser}": _rounded(FORMATS[own.coarser].dtype)} if own.coarser else {}
    return {**factors, **coarser, **common}


def _times(factor: float) -> Fault:
    return lambda array: (array.astype(np.longdouble) * factor).astype(array.dtype)


def _rounded(dtype: np.dtype[Any]) -> Fault:
    return lambda array: array.astype(dtype).astype(array.dtype)


def _with_nan(array: Array) -> Array:
    """Return the array with its first number not a number."""
    spoiled = array.copy()
    spoiled.reshape(-1)[:1] = np.nan
    return spoiled
