"""The audit of the bounds: small faults in the results of a backend that a law has to catch.

A bound that lets one of them pass in all cases that the backend is right in would be too wide to
be of use. The verdicts of a run say which faults were caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.conformance import laws
from etalon.conformance.arithmetic.formats import FORMATS
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.cases.case import Case
from etalon.conformance.subjects.subject import Results, Subject
from etalon.spec.words import DISTRIBUTION, GRADIENTS

Array = npt.NDArray[Any]
Fault = Callable[[Array], Array]


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
        pairs = zip(self._honest.run(case), outputs, strict=True)
        return tuple(r if tensor.dtype else self._fault(r) for r, tensor in pairs)

    def gradients(self, case: Case, *call: Any) -> Results:
        """Return the honest gradients, each with the fault."""
        if case.id not in self._known:
            self._known[case.id] = self._honest.gradients(case, *call)
        return tuple(map(self._fault, self._known[case.id]))


def audit(subject: Subject, law: str, dtype: str, cases: Iterable[Case]) -> dict[str, bool]:
    """Return, for each fault that changes a result, whether the law catches it in a case."""
    judge, tried = laws.find(law), tuple(cases)
    known: dict[str, Results] = {}
    return {
        name: any(_caught(judge(Faulty(subject, fault, known), case)) for case in tried)
        for name, fault in faults(law, dtype).items()
        if law == GRADIENTS or any(_changes(fault, subject.run(case)) for case in tried)
    }


def _changes(fault: Fault, results: Results) -> bool:
    """Return whether a fault shows: zeros times 1.0009, for one, are what they were."""
    return any(not np.array_equal(fault(result), result) for result in results)


def _caught(outcome: Any) -> bool:
    return outcome is not None and not outcome.holds


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
