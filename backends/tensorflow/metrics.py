"""TensorFlow without Keras has no metrics; these are composed, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf


def categorical_accuracy(batches: Sequence[tuple[tf.Tensor, ...]]) -> tf.Tensor:
    """composed: tf.argmax, tf.equal, tf.where, tf.reduce_sum, tf.math.divide_no_nan"""
    right = total = tf.zeros((), batches[0][1].dtype)
    for y_true, y_pred, *weights in batches:
        weight = weights[0] if weights else tf.ones_like(y_pred[..., 0])
        same = tf.equal(tf.argmax(y_true, axis=-1), tf.argmax(y_pred, axis=-1))
        right += tf.reduce_sum(tf.where(same, weight, tf.zeros_like(weight)))
        total += tf.reduce_sum(weight)
    return tf.math.divide_no_nan(right, total)
