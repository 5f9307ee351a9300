"""TensorFlow has no masking layer without Keras; it is composed."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow.layers import global_pooling


def masking(x: tf.Tensor, *, mask_value: float = 0.0) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """composed: tf.not_equal, tf.reduce_any, tf.where, global_pooling.global_average_pooling1d"""
    mask = tf.reduce_any(tf.not_equal(x, mask_value), axis=-1)
    y = tf.where(tf.expand_dims(mask, -1), x, 0.0)
    return y, mask, global_pooling.global_average_pooling1d(y, mask=mask)
