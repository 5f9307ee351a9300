"""The accuracies, counted example by example in exact fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon

N, CLASSES = 12, 4
Numbers = Any


def drawn(name: str) -> tuple[Numbers, Numbers, Numbers]:
    """Labels, predictions with ties among them, and weights whose sums are exact."""
    random = np.random.RandomState(5)
    label = random.randint(0, CLASSES, N).astype("int32")
    predictions = random.randint(-2, 3, (N, CLASSES)) / 2
    weights = np.array([0, 1, 2, 3] * 3) / 8
    if "binary" in name:
        return random.randint(0, 2, (N, CLASSES)).astype(float), predictions, weights
    return label if "sparse" in name else np.eye(CLASSES)[label], predictions, weights


def label_of(y_true: Numbers) -> int:
    return int(y_true) if np.ndim(y_true) == 0 else list(y_true).index(max(y_true))


def first_of_largest(y_true: Numbers, y_pred: Numbers) -> Fraction:
    return Fraction(list(y_pred).index(max(y_pred)) == label_of(y_true))


def among_two_largest(y_true: Numbers, y_pred: Numbers) -> Fraction:
    return Fraction(bool(y_pred[label_of(y_true)] >= sorted(y_pred)[-2]))


def above(y_true: Numbers, y_pred: Numbers) -> Fraction:
    right = [(p > 0.5) == bool(t) for t, p in zip(y_true, y_pred, strict=True)]
    return Fraction(sum(right), len(right))


def nearest(y_true: Numbers, y_pred: Numbers) -> Fraction:
    right = [round(p) == t for t, p in zip(y_true, y_pred, strict=True)]
    return Fraction(sum(right), len(right))


RIGHT: dict[str, Callable[[Numbers, Numbers], Fraction]] = {
    "categorical_accuracy": first_of_largest,
    "sparse_categorical_accuracy": first_of_largest,
    "binary_accuracy": above,
    "binary_accuracy@keras2": nearest,
    "top_k_categorical_accuracy": among_two_largest,
    "top_k_categorical_accuracy@keras2": among_two_largest,
    "sparse_top_k_categorical_accuracy": among_two_largest,
}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", RIGHT)
def test_the_accuracy_is_the_weight_of_what_is_right(name: str, weighted: bool) -> None:
    y_true, y_pred, weights = drawn(name)
    if "@keras2" in name and weighted:
        # Keras 2.2.4's metrics are functions of the batch, without sample weights of their own.
        pytest.skip("Keras 2 averages over the batch before weights could act")
    counted = weights if weighted else np.ones(N)
    shares = [RIGHT[name](t, p) for t, p in zip(y_true, y_pred, strict=True)]
    pairs = list(zip(map(Fraction, counted), shares, strict=True))
    wanted = Fraction(sum(w * s for w, s in pairs), sum(w for w, _ in pairs))
    arrays = (y_true, y_pred, *([weights] if weighted else []))
    batches = [tuple(a[:5] for a in arrays), tuple(a[5:] for a in arrays)]
    config = {"k": 2} if "top_k" in name else {}
    got = etalon.reference(f"metrics/{name}")(batches, **config)
    assert 0 < wanted < 1
    assert abs(Fraction(float(got)) - wanted) <= Fraction(1, 2**50)


def test_weights_that_sum_to_nothing_give_zero() -> None:
    y_true, y_pred, weights = drawn("sparse")
    got = etalon.reference("metrics/sparse_categorical_accuracy")([(y_true, y_pred, 0 * weights)])
    assert got == 0


def test_a_label_without_a_prediction_is_not_among_the_largest() -> None:
    y_pred = np.array([[np.nan, 1.0, 2.0], [np.inf, np.nan, 0.0]])
    top = etalon.reference("metrics/sparse_top_k_categorical_accuracy")
    assert top([(np.array([0, 0], dtype="int32"), y_pred)], k=2) == 0.5
