"""TensorFlow's losses of margins."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow.losses.reduction import reduce


def hinge(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.nn.relu, tf.reduce_mean"""
    terms = tf.nn.relu(1 - _signs(y_true) * y_pred)
    return reduce(tf.reduce_mean(terms, axis=-1), sample_weight, mask, reduction)


def hinge_keras2(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.nn.relu, tf.reduce_mean"""
    terms = tf.nn.relu(1 - y_true * y_pred)
    return reduce(tf.reduce_mean(terms, axis=-1), sample_weight, mask, reduction)


def squared_hinge(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.nn.relu, tf.math.square, tf.reduce_mean"""
    terms = tf.math.square(tf.nn.relu(1 - _signs(y_true) * y_pred))
    return reduce(tf.reduce_mean(terms, axis=-1), sample_weight, mask, reduction)


def squared_hinge_keras2(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.nn.relu, tf.math.square, tf.reduce_mean"""
    terms = tf.math.square(tf.nn.relu(1 - y_true * y_pred))
    return reduce(tf.reduce_mean(terms, axis=-1), sample_weight, mask, reduction)


def categorical_hinge(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.reduce_max, tf.reduce_sum, tf.nn.relu"""
    own = tf.reduce_sum(y_true * y_pred, axis=-1)
    others = tf.reduce_max((1 - y_true) * y_pred, axis=-1)
    return reduce(tf.nn.relu(others - own + 1), sample_weight, mask, reduction)


def _signs(y_true: tf.Tensor) -> tf.Tensor:
    binary = tf.reduce_all((y_true == 0) | (y_true == 1))
    return tf.where(binary, 2 * y_true - 1, y_true)
