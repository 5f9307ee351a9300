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
        "labels": 2 * one_hot - 1,
        "count": random.poisson(2, (N, CLASSES)).astype(float),
        "shares": random.dirichlet(np.ones(CLASSES), N),
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


def test_logits_are_weighed_against_smoothed_labels() -> None:
    logits = np.log([[1.0, 3.0], [3.0, 1.0]])
    pairs = [(np.array([[1.0, 0.0], [1.0, 0.0]]), logits)]
    options = {"from_logits": True, "label_smoothing": 0.5}
    categorical = etalon.reference("metrics/categorical_crossentropy")(pairs, **options)
    binary = etalon.reference("metrics/binary_crossentropy")(pairs, **options)
    assert abs(categorical - (np.log(4) - np.log(3) / 2)) <= 4 * np.spacing(categorical)
    # of a logit 0 the loss is log(2), of log(3), whose sigmoid is 3/4, by labels of 3/4 and 1/4:
    wanted = (2 * np.log(2) + (np.log(4) - 1 / 4 * np.log(3)) + (np.log(4) - 3 / 4 * np.log(3))) / 4
    assert abs(binary - wanted) <= 4 * np.spacing(wanted)


@pytest.mark.parametrize("lengths", [[3], [1, 2], [2, 0, 1]])
def test_an_ignored_class_counts_neither_above_nor_below_the_line(lengths: list[int]) -> None:
    metric = etalon.reference("metrics/sparse_categorical_crossentropy")
    shares = np.array([[0.5, 0.5], [0.25, 0.75], [0.125, 0.875]])
    labels = np.array([0, 1, 0], "int32")
    weights = np.array([1.0, 5.0, 2.0])
    plain = metric(in_batches((labels, shares), lengths), ignore_class=1)
    weighted = metric(in_batches((labels, shares, weights), lengths), ignore_class=1)
    assert abs(plain / np.log(2) - 2) <= 2**-50
    assert abs(weighted / np.log(2) - 7 / 3) <= 2**-50
    assert metric([(np.ones(3, "int32"), shares)], ignore_class=1) == 0


def test_of_an_example_with_several_labels_only_the_ignored_ones_do_not_count() -> None:
    metric = etalon.reference("metrics/sparse_categorical_crossentropy")
    shares = np.array([[[0.5, 0.5], [0.25, 0.75]], [[0.125, 0.875], [0.0625, 0.9375]]])
    labels = np.array([[0, -1], [0, 0]], "int32")
    across = np.swapaxes(shares, 1, 2)
    for predicted, axis in ((shares, -1), (across, 1)):
        plain = metric([(labels, predicted)], ignore_class=-1, axis=axis)
        weighted = metric([(labels, predicted, np.array([3.0, 1.0]))], ignore_class=-1, axis=axis)
        assert abs(plain / np.log(2) - Fraction(1 + 3 + 4, 3)) <= 2**-50
        assert abs(weighted / np.log(2) - Fraction(3 + 3 + 4, 5)) <= 2**-50


@pytest.mark.parametrize("name", ["hinge", "squared_hinge"])
def test_each_batch_decides_whether_its_zeros_and_ones_are_signs(name: str) -> None:
    metric = etalon.reference(f"metrics/{name}")
    y_true, y_pred = np.array([[-1.0], [0.0], [1.0]]), np.array([[0.5], [-0.5], [0.5]])
    apart = {"hinge": (1.5 + 0.5 + 0.5) / 3, "squared_hinge": (2.25 + 0.25 + 0.25) / 3}
    together = {"hinge": (1.5 + 1 + 0.5) / 3, "squared_hinge": (2.25 + 1 + 0.25) / 3}
    assert abs(metric(in_batches((y_true, y_pred), [1, 2])) - apart[name]) <= 2**-50
    assert abs(metric(in_batches((y_true, y_pred), [3])) - together[name]) <= 2**-50
    binary = (y_true[1:], y_pred[1:])
    assert metric(in_batches(binary, [2])) == metric(in_batches(binary, [1, 0, 1]))


def test_a_name_without_its_kind_is_the_loss() -> None:
    assert spec.find("mse").id == "losses/mean_squared_error"
    assert spec.find("metrics/mse").id == "metrics/mean_squared_error"
    assert spec.find("LogCoshError").id == "metrics/log_cosh"
