"""Losses against closed forms in 50 digits, SciPy, and weighted means in exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.spatial
import scipy.special

import etalon

Numbers = Any
EPSILON = mpmath.mpf(10) ** -7
ULPS = 8
"""How many units in the last place the reference in float64 may be off the closed form."""


def error(t: Any, p: Any) -> Any:
    return mpmath.mpf(t) - mpmath.mpf(p)


def squared(t: Any, p: Any) -> Any:
    return error(t, p) ** 2


def absolute(t: Any, p: Any) -> Any:
    return abs(error(t, p))


def percentage(t: Any, p: Any) -> Any:
    return 100 * abs(error(t, p)) / max(abs(mpmath.mpf(t)), EPSILON)


def logarithmic(t: Any, p: Any) -> Any:
    wanted, found = (mpmath.log(1 + max(mpmath.mpf(y), EPSILON)) for y in (t, p))
    return (wanted - found) ** 2


def log_of_cosh(t: Any, p: Any) -> Any:
    return mpmath.log(mpmath.cosh(error(t, p)))


def huber(t: Any, p: Any) -> Any:
    size = abs(error(t, p))
    return size**2 / 2 if size <= 1 else size - mpmath.mpf(1) / 2


CLOSED_FORMS: dict[str, Callable[[Any, Any], Any]] = {
    "mean_squared_error": squared,
    "mean_absolute_error": absolute,
    "mean_absolute_percentage_error": percentage,
    "mean_squared_logarithmic_error": logarithmic,
    "log_cosh": log_of_cosh,
    "huber": huber,
}
"""The losses that are means over the last axis, for one number."""


def drawn() -> tuple[Numbers, Numbers]:
    """Numbers near and far from one another, of both signs, among them zeros and equal ones."""
    random = np.random.RandomState(3)
    y_true, y_pred = random.standard_normal((2, 8, 5)) * [0.01, 1, 1, 30, 1]
    y_true[:, 4] = [0, 0, 1, 2, -1, 1e-9, 3, 0]
    y_pred[:, 4] = [0, 1, 1, 5, -1, 0, -4, 1e-8]
    return y_true, y_pred


def near(found: Any, wanted: Any, scale: Any) -> bool:
    """Say whether two numbers differ by some units in the last place of ``scale``."""
    return bool(abs(mpmath.mpf(float(found)) - wanted) <= ULPS * np.spacing(float(scale)))


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_a_loss_is_the_mean_of_its_closed_form(name: str) -> None:
    y_true, y_pred = drawn()
    found = etalon.reference(f"losses/{name}")(y_true, y_pred)
    assert found.shape == (8,)
    with mpmath.workdps(50):
        for row, loss in enumerate(found):
            pairs = list(zip(y_true[row], y_pred[row], strict=True))
            wanted = mpmath.fsum(CLOSED_FORMS[name](t, p) for t, p in pairs) / len(pairs)
            assert near(loss, wanted, max(wanted, 1))


def test_huber_is_scipys() -> None:
    y_true, y_pred = drawn()
    for delta in (0.1, 1.0, 3.0):
        wanted = scipy.special.huber(delta, y_pred - y_true).mean(axis=-1)
        found = etalon.reference("losses/huber")(y_true, y_pred, delta=delta)
        np.testing.assert_array_max_ulp(found, wanted, ULPS)


def test_huber_at_delta_is_both_of_its_formulas() -> None:
    y_true, y_pred = np.zeros((2, 1)), np.array([[3.0], [-3.0]])
    assert etalon.reference("losses/huber")(y_true, y_pred, delta=3.0).tolist() == [4.5, 4.5]


def test_log_cosh_has_limits_on_both_sides() -> None:
    error = np.array([[1e300], [-1e300], [np.inf], [-np.inf]])
    found = etalon.reference("losses/log_cosh")(np.zeros_like(error), error)
    assert found.tolist() == [1e300, 1e300, np.inf, np.inf]


@pytest.mark.parametrize("axis", [-1, 1])
def test_cosine_similarity_is_scipys_with_the_sign_of_a_loss(axis: int) -> None:
    y_true, y_pred = np.random.RandomState(4).standard_normal((2, 3, 4, 5))
    found = etalon.reference("losses/cosine_similarity")(y_true, y_pred, axis=axis)
    one, other = (np.moveaxis(y, axis, -1).reshape(-1, y.shape[axis]) for y in (y_true, y_pred))
    distances = [scipy.spatial.distance.cosine(*pair) for pair in zip(one, other, strict=True)]
    assert found.size == len(distances)
    assert np.abs(found.ravel() - (np.array(distances) - 1)).max() <= ULPS * np.spacing(1.0)


def test_cosine_similarity_in_fifty_digits() -> None:
    y_true, y_pred = drawn()
    found = etalon.reference("losses/cosine_similarity")(y_true, y_pred)
    with mpmath.workdps(50):
        for row, loss in enumerate(found):
            one, other = ([mpmath.mpf(n) for n in y[row]] for y in (y_true, y_pred))
            wanted = -mpmath.fdot(one, other) / (mpmath.norm(one) * mpmath.norm(other))
            assert near(loss, wanted, 1)


def test_a_vector_of_zeros_is_similar_to_none_and_a_short_one_in_proportion() -> None:
    y_true = np.array([[3.0, 4.0], [3.0, 4.0], [3.0, 4.0]])
    y_pred = np.array([[0.0, 0.0], [3e-8, 4e-8], [3e-7, 4e-7]])
    found = etalon.reference("losses/cosine_similarity")(y_true, y_pred)
    np.testing.assert_array_max_ulp(found, np.array([0.0, -0.5, -1.0]), ULPS)


LOSSES = [Fraction(4), Fraction(0), Fraction(9), Fraction(25)]
"""The squared errors of four examples."""
WEIGHTS = [Fraction(1), Fraction(1, 2), Fraction(0), Fraction(2)]
MASK = [True, False, True, True]


def reduced(
    reduction: str, weights: Sequence[Fraction] | None, mask: Sequence[bool] | None
) -> Fraction:
    """Return the loss of the examples as Keras documents it, in exact fractions."""
    counted = [i for i in range(4) if mask is None or mask[i]]
    own = [Fraction(1)] * 4 if weights is None else weights
    total = sum((own[i] * LOSSES[i] for i in counted), Fraction(0))
    if reduction == "sum":
        return total
    if reduction == "sum_over_batch_size":
        return total / len(counted)
    return total / sum(own[i] for i in counted)


@pytest.mark.parametrize("mask", [None, MASK])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("reduction", ["sum", "sum_over_batch_size", "mean_with_sample_weight"])
def test_reductions_weigh_and_mask(
    reduction: str, weights: Sequence[Fraction] | None, mask: Sequence[bool] | None
) -> None:
    y_pred = np.array([[2.0], [0.0], [-3.0], [5.0]])
    found = etalon.reference("losses/mean_squared_error")(
        np.zeros_like(y_pred),
        y_pred,
        sample_weight=None if weights is None else np.array(weights, float),
        mask=None if mask is None else np.array(mask),
        reduction=reduction,
    )
    wanted = reduced(reduction, weights, mask)
    assert abs(Fraction(float(found)) - wanted) <= wanted * Fraction(1, 2**50)


def test_without_reduction_each_example_has_its_loss() -> None:
    y_pred = np.array([[2.0], [0.0], [-3.0], [5.0]])
    found = etalon.reference("losses/mean_squared_error")(
        np.zeros_like(y_pred), y_pred, sample_weight=np.array(WEIGHTS, float), mask=np.array(MASK)
    )
    assert found.tolist() == [4.0, 0.0, 0.0, 50.0]


def test_where_nothing_counts_the_mean_is_zero() -> None:
    y_true, y_pred = np.zeros((2, 3)), np.ones((2, 3))
    loss = etalon.reference("losses/mean_absolute_error")
    options = {"reduction": "mean_with_sample_weight"}
    assert loss(y_true, y_pred, sample_weight=np.zeros(2), **options) == 0
    assert loss(y_true, y_pred, mask=np.zeros(2, dtype=bool), **options) == 0
