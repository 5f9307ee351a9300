"""TensorFlow's losses of numbers."""

from __future__ import annotations

import math

import tensorflow as tf

from etalon.backends.tensorflow.losses.reduction import reduce


def mean_squared_error(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.math.squared_difference, tf.reduce_mean"""
    squares = tf.math.squared_difference(y_pred, y_true)
    return reduce(tf.reduce_mean(squares, axis=-1), sample_weight, mask, reduction)


def mean_absolute_error(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.abs, tf.reduce_mean"""
    return reduce(tf.reduce_mean(tf.abs(y_true - y_pred), axis=-1), sample_weight, mask, reduction)


def mean_absolute_percentage_error(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.abs, tf.maximum, tf.reduce_mean"""
    errors = tf.abs((y_true - y_pred) / tf.maximum(tf.abs(y_true), 1e-7))
    return reduce(100 * tf.reduce_mean(errors, axis=-1), sample_weight, mask, reduction)


def mean_squared_logarithmic_error(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.maximum, tf.math.log1p, tf.math.squared_difference, tf.reduce_mean"""
    logs = [tf.math.log1p(tf.maximum(y, 1e-7)) for y in (y_pred, y_true)]
    squares = tf.math.squared_difference(*logs)
    return reduce(tf.reduce_mean(squares, axis=-1), sample_weight, mask, reduction)


def log_cosh(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.abs, tf.math.softplus, tf.reduce_mean"""
    size = tf.abs(y_pred - y_true)
    values = size + tf.math.softplus(-2 * size) - math.log(2)
    return reduce(tf.reduce_mean(values, axis=-1), sample_weight, mask, reduction)


def huber(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
    delta: float = 1.0,
) -> tf.Tensor:
    """composed: tf.abs, tf.where, tf.square, tf.reduce_mean"""
    error = y_pred - y_true
    size = tf.abs(error)
    values = tf.where(size <= delta, 0.5 * tf.square(error), delta * (size - 0.5 * delta))
    return reduce(tf.reduce_mean(values, axis=-1), sample_weight, mask, reduction)


def cosine_similarity(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
    axis: int = -1,
) -> tf.Tensor:
    """composed: tf.math.l2_normalize, tf.reduce_sum"""
    units = [tf.math.l2_normalize(y, axis, epsilon=1e-14) for y in (y_true, y_pred)]
    values = -tf.reduce_sum(tf.multiply(*units), axis=axis)
    return reduce(values, sample_weight, mask, reduction)
