"""The audit: what the power promises to notice is seen wherever it is planted, or fails the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance import laws
from etalon.conformance.cases.case import Case
from etalon.conformance.judging import audit as auditing
from etalon.conformance.judging.audit import Faulty, audit, faults
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.sampling import sample
from etalon.conformance.judging.summary import Summary
from etalon.conformance.laws import gradients
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Results, Subject
from etalon.reports.records import OWN_ERROR
from etalon.spec.words import DTYPES, GRADIENTS, VALUES
from test_power import cases, certified, outcome


class Numbers(Subject):
    """NumPy, with gradients of ones but for what a test does to them."""

    def __init__(self, change: Callable[[Any], Any]) -> None:
        self.change = change
        super().__init__(BACKENDS["numpy"])

    def gradients(self, case: Case, *call: Any) -> Results:
        """Return the truth's own shapes, filled."""
        leaves = gradients._question(case).leaves
        return tuple(self.change(np.ones(leaf.shape, case.dtype)) for _, leaf in leaves)


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_a_derivative_that_is_not_finite_is_seen_wherever_it_is(odd: float) -> None:
    """A sum has derivatives of the cotangents; with none of them sampled, only the odd one is."""
    case = max(cases("activations/linear", GRADIENTS, "float32"), key=lambda c: c.elements)
    asked = gradients._question(case)
    sampled = {place.index for place in asked.coordinates}
    (_, leaf) = asked.leaves[0]
    free = next(i for i in range(leaf.size) if i not in sampled)

    class Linear(Numbers):
        def gradients(self, case: Case, *call: Any) -> Results:
            """Return the cotangents themselves, which are right, with the change."""
            return (self.change(asked.cotangents[0].copy()),)

    def spoilt(array: Any) -> Any:
        array.reshape(-1)[free] = odd
        return array

    assert gradients.judge(Linear(lambda array: array), case).holds
    found = gradients.judge(Linear(spoilt), case)
    assert found.symptom == f"{'NaN' if np.isnan(odd) else 'infinity'} in place of number"
    assert found.element is not None
    assert found.element.index == tuple(map(int, np.unravel_index(free, leaf.shape)))


def test_a_promised_fault_that_passes_is_an_error_of_etalons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A law that looks at nothing lets every fault pass, though its power promises otherwise."""

    def blind(subject: Subject, case: Case) -> Outcome:
        subject.run(case)
        honest = subject._honest if isinstance(subject, Faulty) else subject
        return laws_found(VALUES)(honest, case)

    laws_found = laws.find
    monkeypatch.setattr(laws, "find", lambda name: blind)
    cell = Cell("numpy", "layers/dense", VALUES, "float32")
    found = Judge(Subject(BACKENDS["numpy"]), "smoke").verdict(cell)
    assert found.verdict == "crashed"
    assert found.own_error
    assert found.reason.startswith(f"{OWN_ERROR}: planted faults pass unnoticed, though ")
    assert "times 1 + 1e-5" in found.reason
    assert found.below_power == ()


def test_a_fault_below_the_power_may_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        vars(auditing), "faults", lambda *where: {"times 1 + 1e-6": auditing._times(1 + 1e-6)}
    )
    case = max(cases("layers/dense", VALUES, "float32"), key=lambda c: c.elements)
    subject = Subject(BACKENDS["numpy"])
    held = laws.find(VALUES)(subject, case)
    assert certified(held).least > 1e-6
    found = audit(subject, VALUES, "float32", [case])
    assert found.caught == {"times 1 + 1e-6": False}
    assert found.below_power == ("times 1 + 1e-6",)
    assert found.missed == ()


def test_a_fault_that_changes_nothing_is_not_planted() -> None:
    case = next(cases("initializers/zeros", VALUES, "float32"))
    found = audit(Subject(BACKENDS["numpy"]), VALUES, "float32", [case])
    assert set(found.caught) == {"a NaN"} < set(faults(VALUES, "float32"))


def test_a_run_ends_with_a_failure_where_a_promised_fault_passes() -> None:
    missed = auditing.Audit({"a NaN": False, "zeros": True})
    assert missed.missed == ("a NaN",)
    summary = Summary([outcome(numbers=4, gain=0.1)], audit=missed)
    assert summary.name == "crashed"
    assert summary.reason.endswith(": a NaN")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("op", ["layers/global_max_pooling3d", "layers/max_pooling3d"])
def test_gradients_that_are_all_zero_are_seen_though_most_of_them_are(op: str, dtype: str) -> None:
    zeros = Numbers(np.zeros_like)
    found = [
        gradients.judge(zeros, case) for case in sample(spec.find(op), GRADIENTS, dtype, "quick", 0)
    ]
    assert any(not outcome.holds for outcome in found)
    assert all(outcome.compared > gradients.COORDINATES for outcome in found if outcome.holds)
