"""TensorFlow's losses, with Keras's weights and reductions around them."""

from __future__ import annotations

import tensorflow as tf


def mean_squared_error(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.math.squared_difference, tf.reduce_mean"""
    squares = tf.math.squared_difference(y_pred, y_true)
    return _reduce(tf.reduce_mean(squares, axis=-1), sample_weight, reduction)


def categorical_crossentropy(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> tf.Tensor:
    """native: tf.nn.softmax_cross_entropy_with_logits

    On probabilities, which it does not take, the loss is composed of tf.clip_by_value,
    tf.math.log and tf.reduce_sum.
    """
    target = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis]
    if from_logits:
        values = tf.nn.softmax_cross_entropy_with_logits(target, y_pred, axis)
    else:
        scaled = y_pred / tf.reduce_sum(y_pred, axis=axis, keepdims=True)
        logs = tf.math.log(tf.clip_by_value(scaled, 1e-7, 1 - 1e-7))
        values = -tf.reduce_sum(target * logs, axis=axis)
    return _reduce(values, sample_weight, reduction)


def _reduce(values: tf.Tensor, sample_weight: tf.Tensor | None, reduction: str) -> tf.Tensor:
    if sample_weight is not None:
        values = values * sample_weight
    match reduction:
        case "none":
            return values
        case "sum":
            return tf.reduce_sum(values)
        case "mean_with_sample_weight" if sample_weight is not None:
            return tf.math.divide_no_nan(tf.reduce_sum(values), tf.reduce_sum(sample_weight))
    return tf.reduce_mean(values)
