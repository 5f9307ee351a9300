"""TensorFlow has no layers but Keras's; the activation layers are operations of tf.nn."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from etalon.backends.tensorflow import activations
from etalon.backends.tensorflow.layers import core


def activation(x: tf.Tensor, *, activation: str | None = None) -> tf.Tensor:
    """composed: core.activate"""
    return core.activate(x, activation)


def elu(x: tf.Tensor, *, alpha: float = 1.0) -> tf.Tensor:
    """native: tf.nn.elu

    It knows no alpha; tf.where adds it.
    """
    y = tf.nn.elu(x)
    return y if alpha == 1 else tf.where(x > 0, y, alpha * y)


def leaky_relu(x: tf.Tensor, *, negative_slope: float = 0.3) -> tf.Tensor:
    """native: tf.nn.leaky_relu"""
    return tf.nn.leaky_relu(x, negative_slope)


def prelu(
    x: tf.Tensor, alpha: tf.Tensor, *, shared_axes: Sequence[int] | int | None = None
) -> tf.Tensor:
    """composed: tf.where"""
    return tf.where(x < 0, alpha * x, x)


def relu(
    x: tf.Tensor,
    *,
    max_value: float | None = None,
    negative_slope: float = 0.0,
    threshold: float = 0.0,
) -> tf.Tensor:
    """composed: activations.relu"""
    return activations.relu(
        x, negative_slope=negative_slope, max_value=max_value, threshold=threshold
    )


def softmax(
    x: tf.Tensor, *, mask: tf.Tensor | None = None, axis: int | Sequence[int] = -1
) -> tf.Tensor:
    """native: tf.nn.softmax

    It takes one axis, so several are made one, and no mask, so tf.where puts -inf in place.
    """
    kept = x if mask is None else tf.where(mask, x, tf.constant(-float("inf"), x.dtype))
    axes = [axis] if isinstance(axis, int) else list(axis)
    last = list(range(-len(axes), 0))
    moved = tf.experimental.numpy.moveaxis(kept, axes, last)
    flat = tf.nn.softmax(tf.reshape(moved, [*moved.shape[: -len(axes)], -1]))
    y = tf.experimental.numpy.moveaxis(tf.reshape(flat, moved.shape), last, axes)
    return y if mask is None else tf.where(mask, y, tf.zeros_like(y))


def thresholded_relu(x: tf.Tensor, *, theta: float = 1.0) -> tf.Tensor:
    """composed: tf.where"""
    return tf.where(x <= theta, tf.zeros_like(x), x)
