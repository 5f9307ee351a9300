"""The losses of probabilities against closed forms in 50 digits, SciPy, and by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import numpy.typing as npt
import pytest
import scipy.special
from mpmath import mpf

import etalon
from etalon.conformance.arithmetic.precision import precision
from etalon.spec.shapes import InvalidCall

Row = Sequence[Any]
Form = Callable[[Row, Row], Any]
Numbers = npt.NDArray[np.float64]

U = precision("float64").unit
EPSILON = mpf(1e-7)
MOST = mpf(1 - 1e-7)
RANDOM = np.random.RandomState(7)
LOGITS = RANDOM.standard_normal((12, 5)) * np.logspace(-3, 2, 12)[:, None]
SHARES = scipy.special.softmax(RANDOM.standard_normal((12, 5)) * 3, axis=-1)
PARTS = np.concatenate([SHARES, 7 * SHARES[:3], [[0, 1, 0, 0, 0], [1e-9, 2e-9, 0.5, 0.5, 2]]])
BINARY = RANDOM.randint(0, 2, (17, 5)).astype(float)
CLASSES = RANDOM.randint(0, 5, 17)
COUNTS = RANDOM.poisson(2.0, (17, 5)).astype(float)


def within(name: str, y_true: Any, y_pred: Numbers, form: Form, **config: Any) -> bool:
    """Say whether the loss of each row is within its bound of the closed form."""
    value = etalon.reference(name)(y_true, y_pred, **config)
    _, bound = etalon.bound(name, y_true, y_pred, dtype="float64", **config)
    with mpmath.workdps(50):
        pairs = zip(np.asarray(y_true).tolist(), y_pred.tolist(), strict=True)
        wanted = [form(_exact(true), _exact(pred)) for true, pred in pairs]
        off = [abs(mpf(got) - exact) for got, exact in zip(value.tolist(), wanted, strict=True)]
    return all(d <= float(most) for d, most in zip(off, bound, strict=True))


def _exact(row: Any) -> Row:
    return [mpf(x) for x in row] if isinstance(row, list) else [row]


def clipped(p: Any, most: Any = MOST) -> Any:
    return min(max(p, EPSILON), most)


def smooth(labels: Row, smoothing: float, classes: int) -> Row:
    kept, added = mpf(1 - smoothing), mpf(smoothing / classes)
    return [label * kept + added for label in labels]


def log_softmax(logits: Row) -> Row:
    total = mpmath.log(mpmath.fsum(mpmath.exp(x) for x in logits))
    return [x - total for x in logits]


def log_shares(parts: Row) -> Row:
    total = mpmath.fsum(parts)
    return [mpmath.log(clipped(p / total)) for p in parts]


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_binary_crossentropy_of_logits(smoothing: float) -> None:
    def form(labels: Row, logits: Row) -> Any:
        pairs = zip(smooth(labels, smoothing, 2), logits, strict=True)
        terms = (
            t * mpmath.log1p(mpmath.exp(-x)) + (1 - t) * mpmath.log1p(mpmath.exp(x))
            for t, x in pairs
        )
        return mpmath.fsum(terms) / len(logits)

    config = {"from_logits": True, "label_smoothing": smoothing}
    assert within("binary_crossentropy", BINARY[:12], LOGITS, form, **config)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_binary_crossentropy_of_probabilities(smoothing: float) -> None:
    def form(labels: Row, parts: Row) -> Any:
        pairs = zip(smooth(labels, smoothing, 2), map(clipped, parts), strict=True)
        terms = (t * mpmath.log(p) + (1 - t) * mpmath.log(1 - p) for t, p in pairs)
        return -mpmath.fsum(terms) / len(parts)

    assert within("binary_crossentropy", BINARY, PARTS, form, label_smoothing=smoothing)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize(("from_logits", "y_pred"), [(True, LOGITS), (False, PARTS)])
def test_categorical_crossentropy(from_logits: bool, y_pred: Numbers, smoothing: float) -> None:
    def form(labels: Row, row: Row) -> Any:
        logs = log_softmax(row) if from_logits else log_shares(row)
        pairs = zip(smooth(labels, smoothing, len(row)), logs, strict=True)
        return -mpmath.fsum(t * log for t, log in pairs)

    labels = np.eye(5)[CLASSES[: len(y_pred)]]
    config = {"from_logits": from_logits, "label_smoothing": smoothing}
    assert within("categorical_crossentropy", labels, y_pred, form, **config)


@pytest.mark.parametrize("ignored", [None, 1])
@pytest.mark.parametrize(("from_logits", "y_pred"), [(True, LOGITS), (False, PARTS)])
def test_sparse_categorical_crossentropy(
    from_logits: bool, y_pred: Numbers, ignored: int | None
) -> None:
    def form(label: Row, row: Row) -> Any:
        logs = log_softmax(row) if from_logits else log_shares(row)
        return 0 if label[0] == ignored else -logs[label[0]]

    config = {"from_logits": from_logits, "ignore_class": ignored}
    labels = CLASSES[: len(y_pred)]
    assert within("sparse_categorical_crossentropy", labels, y_pred, form, **config)


def test_kl_divergence() -> None:
    def form(trues: Row, preds: Row) -> Any:
        shares = ((clipped(t, 1), clipped(p, 1)) for t, p in zip(trues, preds, strict=True))
        return mpmath.fsum(t * mpmath.log(t / p) for t, p in shares)

    trues = np.concatenate([SHARES[::-1], np.eye(5)])
    assert within("kl_divergence", trues, PARTS, form)


def test_poisson() -> None:
    def form(counts: Row, rates: Row) -> Any:
        pairs = zip(counts, rates, strict=True)
        return mpmath.fsum(p - t * mpmath.log(p + EPSILON) for t, p in pairs) / len(rates)

    assert within("poisson", COUNTS, PARTS, form)


def near(got: Any, wanted: Any, units: float = 64) -> bool:
    """Say whether numbers differ by a few roundings of numbers of their size, at least of 1."""
    return bool((np.abs(got - wanted) <= units * U * np.maximum(np.abs(wanted), 1)).all())


def test_losses_agree_with_scipy() -> None:
    trues = scipy.special.softmax(LOGITS / 20, axis=-1)
    divergence = np.sum(scipy.special.rel_entr(trues, SHARES), -1)
    assert near(etalon.reference("kl_divergence")(trues, SHARES), divergence)
    poisson = np.mean(PARTS - scipy.special.xlogy(COUNTS, PARTS + 1e-7), -1)
    assert near(etalon.reference("poisson")(COUNTS, PARTS), poisson)
    sparse = etalon.reference("sparse_categorical_crossentropy")
    logs = scipy.special.log_softmax(LOGITS, axis=-1)
    chosen = -logs[np.arange(12), CLASSES[:12]]
    assert near(sparse(CLASSES[:12], LOGITS, from_logits=True), chosen)
    signed = np.where(BINARY[:12] == 1, LOGITS, -LOGITS)
    yes = -np.mean(scipy.special.log_expit(signed), -1)
    assert near(etalon.reference("bce")(BINARY[:12], LOGITS, from_logits=True), yes)


def test_logits_and_their_probabilities_have_the_same_loss() -> None:
    labels, logits = BINARY[:12], np.clip(LOGITS, -7, 7)
    lost = 8 * math.exp(14)  # what is near 1 tells less of a distance to 1
    binary = etalon.reference("bce")
    odds = binary(labels, scipy.special.expit(logits))
    assert near(binary(labels, logits, from_logits=True), odds, lost)
    sparse = etalon.reference("sparse_categorical_crossentropy")
    shares = sparse(CLASSES[:12], scipy.special.softmax(logits, axis=-1))
    assert near(sparse(CLASSES[:12], logits, from_logits=True), shares, lost)


def test_classes_may_lie_along_any_axis() -> None:
    logits, labels = RANDOM.standard_normal((2, 3, 4)), RANDOM.randint(0, 3, (2, 4))
    sparse = etalon.reference("sparse_categorical_crossentropy")
    last = sparse(labels, np.moveaxis(logits, 1, -1), from_logits=True)
    assert np.array_equal(sparse(labels, logits, from_logits=True, axis=1), last)
    hot = np.moveaxis(np.eye(3)[labels], -1, 1)
    categorical = etalon.reference("categorical_crossentropy")
    assert near(categorical(hot, logits, from_logits=True, axis=1), last)


def test_ignored_examples_count_for_nothing() -> None:
    sparse = etalon.reference("sparse_categorical_crossentropy")
    labels, parts = np.array([0, -1, 1, 1]), np.full((4, 2), 0.5)
    one = math.log(2)

    def loss(reduction: str, **options: Any) -> float:
        return float(sparse(labels, parts, ignore_class=-1, reduction=reduction, **options))

    assert sparse(labels, parts, ignore_class=-1).tolist() == [one, 0, one, one]
    assert near(loss("sum"), 3 * one)
    assert near(loss("sum_over_batch_size"), one)
    assert near(loss("mean_with_sample_weight"), one)
    weight, mask = np.array([1.0, 5.0, 3.0, 1.0]), np.array([True, True, True, False])
    assert near(loss("sum", sample_weight=weight, mask=mask), 4 * one)
    assert near(loss("sum_over_batch_size", mask=mask), one)
    assert loss("sum_over_batch_size", mask=~mask & (labels < 0)) == 0


def test_labels_are_classes() -> None:
    sparse = etalon.reference("sparse_categorical_crossentropy")
    for labels in ([0, 2], [-1, 0]):
        with pytest.raises(InvalidCall, match="C3: y_true"):
            sparse(np.array(labels), np.full((2, 2), 0.5))
    with pytest.raises(InvalidCall, match="C1: y_true"):
        sparse(np.array([0, 1, 1]), np.full((2, 2), 0.5))


def test_losses_by_hand() -> None:
    true, shares = np.array([[0.0, 1.0]]), np.array([[0.25, 0.75]])
    binary = etalon.reference("binary_crossentropy")
    assert near(binary(true, shares).item(), -math.log(0.75))
    smoothed = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert near(binary(true, shares, label_smoothing=0.5).item(), smoothed)
    assert near(binary(true, 0 * shares).item(), (-math.log(1e-7)) / 2, 1e9)
    assert binary(true, np.array([[-np.inf, 800.0]]), from_logits=True).item() != 0
    assert near(etalon.reference("kld")(true, shares).item(), math.log(4 / 3), 2e10)
    counts = etalon.reference("poisson")(np.array([[2.0]]), np.array([[math.e]]))
    assert near(counts.item(), math.e - 2, 1e10)
