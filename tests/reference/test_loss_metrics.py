"""Losses as metrics: the weighted mean over all batches of what the losses are for an example."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon
from etalon import spec

METRICS = [op for op in spec.catalogue().values() if op.module == "metrics.losses"]
N = 9
CLASSES = 4
SPLITS = ([9], [4, 5], [3, 0, 6])


def drawn(op: spec.Op) -> tuple[Any, Any]:
    """Labels and predictions of the domains that the entry declares."""
    random = np.random.RandomState(6)
    one_hot = np.eye(CLASSES)[random.randint(0, CLASSES, N)]
    of_domain = {
        "one_hot": one_hot,
        "binary": random.randint(0, 2, (N, CLASSES)).astype(float),
        "label": random.randint(0, CLASSES, N).astype("int32"),
    }
    numbers = random.uniform(0.1, 1, (N, CLASSES))
    return of_domain.get(op.inputs["y_true"].values, numbers), random.uniform(0.1, 1, (N, CLASSES))


def in_batches(arrays: tuple[Any, ...], lengths: list[int]) -> list[tuple[Any, ...]]:
    ends = np.cumsum(lengths)
    pairs = zip(ends - lengths, ends, strict=True)
    return [tuple(array[start:end] for array in arrays) for start, end in pairs]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("op", METRICS, ids=[op.id for op in METRICS])
def test_a_metric_is_the_weighted_mean_of_its_loss(op: spec.Op, weighted: bool) -> None:
    y_true, y_pred = drawn(op)
    weights = np.array([0, 1, 2, 3, 0, 4, 5, 1, 2]) / 4
    losses = etalon.reference(f"losses/{op.name}")(y_true, y_pred)
    sign = -1 if op.name == "cosine_similarity" else 1
    counted = [Fraction(w) for w in (weights if weighted else np.ones(N))]
    exact = [sign * Fraction(float(loss)) for loss in losses]
    total = sum((w * x for w, x in zip(counted, exact, strict=True)), Fraction(0))
    wanted = total / sum(counted)
    arrays = (y_true, y_pred, weights) if weighted else (y_true, y_pred)
    for lengths in SPLITS:
        found = Fraction(float(etalon.reference(op.id)(in_batches(arrays, lengths))))
        assert abs(found - wanted) <= abs(wanted) * Fraction(1, 2**49)


@pytest.mark.parametrize("op", METRICS, ids=[op.id for op in METRICS])
def test_weights_that_sum_to_nothing_give_zero(op: spec.Op) -> None:
    assert etalon.reference(op.id)([(*drawn(op), np.zeros(N))]) == 0


def test_an_example_with_more_axes_counts_by_its_mean() -> None:
    y_true = np.array([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [1.0, 0.0]]])
    y_pred = np.array([[[1.0, 0.0], [1.0, 0.0]], [[2.0, 0.0], [3.0, 0.0]]])
    metric = etalon.reference("metrics/cosine_similarity")
    assert metric([(y_true, y_pred)]) == 0.75
    assert metric([(y_true, y_pred, np.array([3.0, 1.0]))]) == 0.625
    wanted = (1 / np.sqrt(2) + 5 / np.sqrt(26)) / 4
    assert abs(metric([(y_true, y_pred)], axis=1) - wanted) <= 4 * np.spacing(wanted)


def test_a_name_without_its_kind_is_the_loss() -> None:
    assert spec.find("mse").id == "losses/mean_squared_error"
    assert spec.find("metrics/mse").id == "metrics/mean_squared_error"
    assert spec.find("LogCoshError").id == "metrics/log_cosh"
