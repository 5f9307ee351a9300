"""TensorFlow's activations."""

from __future__ import annotations

import tensorflow as tf


def linear(x: tf.Tensor) -> tf.Tensor:
    """composed: nothing, y is x"""
    return x


def relu(
    x: tf.Tensor,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> tf.Tensor:
    """native: tf.nn.relu, tf.nn.leaky_relu

    They know no threshold and no maximum; tf.where and tf.minimum add these.
    """
    above = x - threshold
    y = tf.nn.leaky_relu(above, negative_slope) if negative_slope else tf.nn.relu(above)
    if threshold:
        y = tf.where(x < threshold, y, x)
    return y if max_value is None else tf.minimum(y, max_value)


def softmax(x: tf.Tensor, *, axis: int = -1) -> tf.Tensor:
    """native: tf.nn.softmax"""
    return tf.nn.softmax(x, axis)


def elu(x: tf.Tensor, *, alpha: float = 1.0) -> tf.Tensor:
    """native: tf.nn.elu

    It knows no alpha; tf.where adds it.
    """
    y = tf.nn.elu(x)
    return y if alpha == 1 else tf.where(x > 0, y, alpha * y)
