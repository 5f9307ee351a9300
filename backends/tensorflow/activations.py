"""TensorFlow's activations."""

from __future__ import annotations

import tensorflow as tf


def linear(x: tf.Tensor) -> tf.Tensor:
    """native: tf.identity"""
    return tf.identity(x)


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


def log_softmax(x: tf.Tensor, *, axis: int = -1) -> tf.Tensor:
    """native: tf.nn.log_softmax"""
    return tf.nn.log_softmax(x, axis)


def selu(x: tf.Tensor) -> tf.Tensor:
    """native: tf.nn.selu"""
    return tf.nn.selu(x)


def exponential(x: tf.Tensor) -> tf.Tensor:
    """native: tf.math.exp"""
    return tf.math.exp(x)


def tanh(x: tf.Tensor) -> tf.Tensor:
    """native: tf.math.tanh"""
    return tf.math.tanh(x)


def sigmoid(x: tf.Tensor) -> tf.Tensor:
    """native: tf.math.sigmoid"""
    return tf.math.sigmoid(x)


def hard_sigmoid(x: tf.Tensor) -> tf.Tensor:
    """composed: tf.nn.relu6"""
    return tf.nn.relu6(x + 3) / 6


def hard_sigmoid_keras2(x: tf.Tensor) -> tf.Tensor:
    """composed: tf.clip_by_value"""
    return tf.clip_by_value(0.2 * x + 0.5, 0, 1)


def relu6(x: tf.Tensor) -> tf.Tensor:
    """native: tf.nn.relu6"""
    return tf.nn.relu6(x)


def hard_tanh(x: tf.Tensor) -> tf.Tensor:
    """composed: tf.clip_by_value"""
    return tf.clip_by_value(x, -1, 1)


def leaky_relu(x: tf.Tensor, *, negative_slope: float = 0.2) -> tf.Tensor:
    """native: tf.nn.leaky_relu"""
    return tf.nn.leaky_relu(x, negative_slope)


def softplus(x: tf.Tensor) -> tf.Tensor:
    """native: tf.math.softplus"""
    return tf.math.softplus(x)


def softsign(x: tf.Tensor) -> tf.Tensor:
    """native: tf.nn.softsign"""
    return tf.nn.softsign(x)


def silu(x: tf.Tensor) -> tf.Tensor:
    """native: tf.nn.silu"""
    return tf.nn.silu(x)


def mish(x: tf.Tensor) -> tf.Tensor:
    """composed: tf.math.tanh, tf.math.softplus"""
    return x * tf.math.tanh(tf.math.softplus(x))


def gelu(x: tf.Tensor, *, approximate: bool = False) -> tf.Tensor:
    """native: tf.nn.gelu"""
    return tf.nn.gelu(x, approximate)
