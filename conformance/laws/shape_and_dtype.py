"""Results have the shapes that the spec's rules give, and the dtype of the inputs or their own."""

from __future__ import annotations

from etalon.conformance.cases.case import Case
from etalon.conformance.laws.two_calls import UNANSWERED
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.spec.shapes import resolve
from etalon.spec.words import STRATA as ALL

STRATA = tuple(ALL)


def shapes(case: Case) -> list[tuple[int, ...]]:
    """Return the shapes that the results of a case should have."""
    return [resolve(tensor.layout(case.known), case.known) for tensor in case.op.outputs.values()]


def judge(subject: Subject, case: Case) -> Outcome:
    """Compare shapes and dtypes; of a refused call, the law of values speaks."""
    try:
        results = subject.run(case)
    except Refused:
        return unjudged(case, UNANSWERED)
    wanted = [
        (name, shape, tensor.dtype or case.dtype)
        for (name, tensor), shape in zip(case.op.outputs.items(), shapes(case), strict=True)
    ]
    for result, (name, shape, dtype) in zip(results, wanted, strict=False):
        if result.shape != shape:
            message = f"{name} has shape {result.shape}, wanted {shape}"
            return Outcome(case=case, symptom="wrong shape", message=message)
        if result.dtype.name != dtype:
            message = f"{name} has dtype {result.dtype.name}, wanted {dtype}"
            return Outcome(case=case, symptom="wrong dtype", message=message)
    if len(results) != len(wanted):
        message = f"returned {len(results)} results, wanted {len(wanted)}"
        return Outcome(case=case, symptom="wrong number of results", message=message)
    return Outcome(case=case, compared=len(results))
