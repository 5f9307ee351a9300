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


def embedding(
    x: tf.Tensor,
    embeddings: tf.Tensor,
    *,
    input_dim: int | None = None,
    output_dim: int | None = None,
) -> tf.Tensor:
    """native: tf.nn.embedding_lookup"""
    return tf.nn.embedding_lookup(embeddings, x)


def einsum_dense(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    equation: str,
    output_shape: tuple[int, ...] | None = None,
    activation: str | None = None,
    bias_axes: str | None = None,
) -> tf.Tensor:
    """native: tf.einsum"""
    y = tf.einsum(equation, x, kernel)
    return activate(y if bias_axes is None else y + bias, activation)


def activate(y: tf.Tensor, activation: str | None) -> tf.Tensor:
    """Apply an activation by its name; ``None`` is linear."""
    return getattr(activations, activation or "linear")(y)
