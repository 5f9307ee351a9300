"""What a check says of causes: whose they are, and that different ones are told apart."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from etalon.conformance.candidates import check
from etalon.reports.records import Cluster, Verdict

pytest.importorskip("torch")  # CI has it; a contributor may have another framework alone

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


def judged(name: str, asked: dict[str, Any]) -> Verdict:
    """Return the verdict on a function of ``candidates/torch_functions.py`` by its values."""
    made = getattr(importlib.import_module("candidates.torch_functions"), name)
    common: dict[str, Any] = {"backend": "torch", "laws": ["values"], "dtypes": ["float32"]}
    (verdict,) = check.judged(check.asked(made, **common, **asked))
    return verdict


def shared(verdict: Verdict) -> list[Cluster]:
    """Return the causes that the backend itself is said to have."""
    return [cluster for cluster in verdict.clusters if cluster.what]


@pytest.mark.parametrize(
    ("name", "asked"), [("uncorrected_adam", ADAM), ("corrected_rmsprop", RMSPROP)]
)
def test_a_fault_that_looks_like_a_documented_one_is_no_departure_of_the_backend(
    name: str, asked: dict[str, Any]
) -> None:
    verdict = judged(name, asked)
    assert verdict.verdict == "fails"
    assert shared(verdict) == []


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
