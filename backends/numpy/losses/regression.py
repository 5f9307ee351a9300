"""Losses of numbers that are predicted as such."""

from __future__ import annotations

import math

import numpy as np

from etalon.backends.numpy import Array, fixed, with_slope
from etalon.backends.numpy.activations import softplus
from etalon.backends.numpy.losses.reduction import reduce

EPSILON = 1e-7
"""Keras's ``epsilon()``: the least that is divided by, or taken the logarithm of."""


def mean_squared_error(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``mean((y_true - y_pred) ** 2)`` over the last axis, then weighted and reduced."""
    return reduce(np.mean(np.square(y_true - y_pred), axis=-1), sample_weight, mask, reduction)


def mean_absolute_error(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``mean(|y_true - y_pred|)`` over the last axis, then weighted and reduced."""
    return reduce(np.mean(np.abs(y_true - y_pred), axis=-1), sample_weight, mask, reduction)


def mean_absolute_percentage_error(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``100 * mean(|(y_true - y_pred) / max(|y_true|, EPSILON)|)``, then weighted and reduced."""
    errors = np.abs((y_true - y_pred) / np.maximum(np.abs(y_true), EPSILON))
    return reduce(100 * np.mean(errors, axis=-1), sample_weight, mask, reduction)


def mean_squared_logarithmic_error(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """Mean of the squares of ``log(y_true + 1) - log(y_pred + 1)`` over the last axis.

    What is less than ``EPSILON`` counts as that.
    """
    wanted = np.log(np.maximum(y_true, EPSILON) + 1)
    squares = np.square(wanted - np.log(np.maximum(y_pred, EPSILON) + 1))
    return reduce(np.mean(squares, axis=-1), sample_weight, mask, reduction)


def log_cosh(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``mean(log(cosh(y_pred - y_true)))`` over the last axis, then weighted and reduced."""
    values = log_of_cosh(y_pred - y_true)
    return reduce(np.mean(values, axis=-1), sample_weight, mask, reduction)


def log_of_cosh(x: Array) -> Array:
    """``log((exp(x) + exp(-x)) / 2)``; the derivative is ``tanh(x)``.

    With ``exp(|x|)``, which may overflow, taken out of the sum, it is ``|x| + softplus(-2 * |x|) -
    log(2)``. That cancels where x is small: up to 1 it is ``-log(1 - tanh(x) ** 2) / 2``, since
    ``1 - tanh(x) ** 2`` is ``1 / cosh(x) ** 2``.
    """
    number = fixed(x)
    size = np.abs(number)
    near = -0.5 * np.log1p(-np.square(np.tanh(np.minimum(size, 1.0))))
    far = size + softplus(-2 * size) - math.log(2)
    return with_slope(np.where(size < 1, near, far), x, np.tanh(number))


def huber(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
    delta: float = 1.0,
) -> Array:
    """Mean over the last axis of ``error ** 2 / 2``, and beyond ``delta`` of its tangent there.

    As Huber (1964), "Robust Estimation of a Location Parameter", has it; then weighted and reduced.
    """
    error = y_pred - y_true
    size = np.abs(error)
    linear = delta * size - 0.5 * delta * delta
    values = np.where(size <= delta, 0.5 * np.square(error), linear)
    return reduce(np.mean(values, axis=-1), sample_weight, mask, reduction)


def cosine_similarity(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
    axis: int = -1,
) -> Array:
    """``-sum(unit(y_true) * unit(y_pred))`` over ``axis``, then weighted and reduced."""
    products = unit(y_true, axis) * unit(y_pred, axis)
    return reduce(-np.sum(products, axis=axis), sample_weight, mask, reduction)


def unit(x: Array, axis: int) -> Array:
    """Return ``x`` over its length along ``axis``, which counts as ``EPSILON`` where it is less."""
    length = np.sqrt(np.sum(np.square(x), axis=axis, keepdims=True))
    return x * (1 / np.maximum(length, EPSILON))
