"""TensorFlow's losses of numbers."""

from __future__ import annotations

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
