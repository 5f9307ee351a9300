"""Keras's weights, masks and reductions, in TensorFlow."""

from __future__ import annotations

import tensorflow as tf


def reduce(
    values: tf.Tensor, sample_weight: tf.Tensor | None, mask: tf.Tensor | None, reduction: str
) -> tf.Tensor:
    """Weight the losses of the examples, then reduce them as Keras's ``Loss``."""
    weight = _weight(values, sample_weight, mask, reduction)
    if weight is not None:
        values = values * weight
    match reduction:
        case "none":
            return values
        case "sum":
            return tf.reduce_sum(values)
        case "mean_with_sample_weight" if weight is not None:
            return tf.math.divide_no_nan(tf.reduce_sum(values), tf.reduce_sum(weight))
    return tf.reduce_mean(values)


def _weight(
    values: tf.Tensor, sample_weight: tf.Tensor | None, mask: tf.Tensor | None, reduction: str
) -> tf.Tensor | None:
    if mask is None:
        return sample_weight
    counted = tf.cast(mask, values.dtype)
    if reduction == "sum_over_batch_size":
        size = tf.cast(tf.size(mask), values.dtype)
        counted = counted * tf.math.divide_no_nan(size, tf.reduce_sum(counted))
    return counted if sample_weight is None else sample_weight * counted
