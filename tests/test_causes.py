"""What a check says of causes: whose they are, and that different ones are told apart."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from etalon.backends import BACKENDS
from etalon.conformance.candidates import check
from etalon.conformance.candidates.failure_text import told
from etalon.conformance.cases.case import parse
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import Cluster, Verdict
from etalon.spec.model import Op

PLAIN: dict[str, Any] = {
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
    "schedule": None,
    "decay_steps": 5,
    "decay_rate": 0.9,
}
ADAM = {"op": "optimizers/adam", "only": {**PLAIN, "amsgrad": False}}
RMSPROP = {"op": "optimizers/rmsprop", "only": {**PLAIN, "centered": False}}
BATCH_NORM = {
    "op": "layers/batch_normalization",
    "only": {"axis": 1, "center": True, "scale": True, "masked": False},
}


def asked_of(name: str, asked: dict[str, Any], **more: Any) -> check.Asked:
    """Return what is asked of a function of ``candidates/torch_functions.py``."""
    made = getattr(importlib.import_module("candidates.torch_functions"), name)
    return check.asked(made, backend="torch", dtypes=["float32"], **asked, **more)


def judged(name: str, asked: dict[str, Any]) -> Verdict:
    """Return the verdict on such a function by its values."""
    (verdict,) = check.judged(asked_of(name, asked, laws=["values"]))
    return verdict


def shared(verdict: Verdict) -> list[Cluster]:
    """Return the causes that the backend itself is said to have."""
    return [cluster for cluster in verdict.clusters if cluster.what]


torch = pytest.mark.skipif(  # CI has it; a contributor may have another framework alone
    importlib.util.find_spec("torch") is None, reason="torch is not installed"
)


@torch
@pytest.mark.parametrize(
    ("name", "asked"), [("uncorrected_adam", ADAM), ("corrected_rmsprop", RMSPROP)]
)
def test_a_fault_that_looks_like_a_documented_one_is_no_departure_of_the_backend(
    name: str, asked: dict[str, Any]
) -> None:
    verdict = judged(name, asked)
    assert verdict.verdict == "fails"
    assert shared(verdict) == []


@torch
@pytest.mark.parametrize(
    ("name", "asked", "says"),
    [
        (
            "own_batch_norm",
            BATCH_NORM,
            "F.batch_norm moves the running variance by the unbiased",
        ),
        ("own_adam", ADAM, "torch.optim.Adam adds epsilon after the bias correction"),
        ("own_rmsprop", RMSPROP, "torch.optim.RMSprop adds epsilon outside the root"),
    ],
)
def test_a_departure_that_is_the_backends_own_is_said_to_be(
    name: str, asked: dict[str, Any], says: str
) -> None:
    verdict = judged(name, asked)
    assert verdict.verdict == "fails"
    assert any(cluster.what.startswith(says) for cluster in shared(verdict) if cluster.what)


@torch
def test_a_fault_beside_what_the_backend_does_is_shown_first() -> None:
    verdict = judged("swapped_momentum", BATCH_NORM)
    first, *_, last = verdict.clusters
    assert (first.cause, first.where, first.what) == (
        "moving_mean: far beyond the bound",
        "training=true",
        None,
    )
    assert first.ratio > 1e6
    assert last.cause.startswith("moving_variance: ")
    assert last.what is not None
    assert last.what.startswith("F.batch_norm moves the running variance by the unbiased")


@torch
def test_each_law_tells_its_own_number() -> None:
    laws = ["values", "special_values"]
    verdicts = check.judged(asked_of("swapped_momentum", BATCH_NORM, laws=laws))
    said = told("swapped_momentum", str(BATCH_NORM["op"]), "torch", verdicts)
    for verdict in verdicts:
        for cluster in verdict.clusters:
            assert cluster.furthest.message in said
    assert len([line for line in said.splitlines() if "✗ fails (" in line]) == len(laws)


class Wrong(Subject):
    """NumPy, but for whatever a test does to the results of an op."""

    def __init__(self, change: Callable[..., Any]) -> None:
        self.change = change
        super().__init__(BACKENDS["numpy"])

    def adapter(self, op: Op) -> Callable[..., Any] | None:
        """Return a function that changes the right results, knowing the arguments."""
        honest = super().adapter(op)
        return honest and (lambda *args, **config: self.change(honest(*args, **config), *args))


def wrong(change: Callable[..., Any], op: str) -> tuple[Cluster, ...]:
    """Return the causes for which wrong results depart."""
    return Judge(Wrong(change), "quick").verdict(Cell("numpy", op, "values", "float32")).clusters


def test_two_outputs_that_are_wrong_are_two_causes() -> None:
    def change(results: Any, *args: Any) -> Any:
        y, mean, variance = results
        return y * np.float32(1 + 1e-5), mean, variance * 2

    first, second = wrong(change, "layers/batch_normalization")
    assert first.cause == "moving_variance: far beyond the bound"
    assert second.cause == "y: beyond the bound"
    assert second.counterexample.element is not None
    assert second.counterexample.element.output == "y"


def test_lost_digits_and_wrong_numbers_of_one_output_are_two_causes() -> None:
    def change(y: Any, x: Any, *args: Any) -> Any:
        return -y - 1 if x.ndim == 1 else y * np.float32(1 + 3e-6)

    far, near = wrong(change, "activations/softsign")
    assert (far.cause, near.cause) == ("y: far beyond the bound", "y: beyond the bound")
    assert far.ratio > 1e6
    assert 1 < near.ratio < 1000
    assert {parse(one.case).known["shape"] for one in far.shown.values()} == {(4,)}
    assert {parse(one.case).known["shape"] for one in near.shown.values()} == {(5, 33)}


@pytest.mark.parametrize("factors", [(1e-5, 1e-4, 1e-3), (1e-2, 1e-1, 1e3)])
def test_one_cause_of_several_magnitudes_is_one(factors: tuple[float, ...]) -> None:
    def change(y: Any, x: Any, *args: Any) -> Any:
        largest = np.abs(x).max(initial=0)
        return y + y * np.float32(factors[int(largest > 2) + int(largest > 50)])

    (cluster,) = wrong(change, "activations/softsign")
    assert cluster.worst is not None
    assert cluster.counterexample.element is not None
    assert cluster.ratio > 5 * float(cluster.counterexample.element.ratio)


def test_the_cases_shown_have_what_only_they_have() -> None:
    def change(y: Any, x: Any, *args: Any) -> Any:
        rare = x.size and int(abs(x.flat[0]) * 1000) % 10 == 4  # in no case that is drawn
        return y + 1 if x.ndim > 1 or rare else y

    (cluster,) = wrong(change, "activations/softsign")
    assert cluster.where == "shape=5x33"
    assert {parse(one.case).known["shape"] for one in cluster.shown.values()} == {(5, 33)}


def test_a_documented_divergence_is_one_cluster() -> None:
    pytest.importorskip("torch")
    cell = Cell("torch", "layers/batch_normalization", "values", "float32")
    verdict = Judge(Subject(BACKENDS["torch"]), "quick").verdict(cell)
    found = [cluster.divergence for cluster in verdict.clusters]
    assert len(found) == len(set(found)) >= 2
