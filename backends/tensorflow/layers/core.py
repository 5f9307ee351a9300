"""TensorFlow's core layers."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow import activations


def dense(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    units: int | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """composed: tf.linalg.matmul, tf.nn.bias_add"""
    y = tf.linalg.matmul(x, kernel)
    if use_bias and bias is not None:
        y = tf.nn.bias_add(y, bias)
    return activate(y, activation)


def activate(y: tf.Tensor, activation: str | None) -> tf.Tensor:
    """Apply an activation by its name; ``None`` is linear."""
    return getattr(activations, activation or "linear")(y)
