"""Keras's weights and reductions, in TensorFlow."""

from __future__ import annotations

import tensorflow as tf


def reduce(values: tf.Tensor, sample_weight: tf.Tensor | None, reduction: str) -> tf.Tensor:
    """Weight the losses of the examples, then reduce them as Keras's ``Loss``."""
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
