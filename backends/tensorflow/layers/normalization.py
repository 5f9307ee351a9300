"""TensorFlow's normalization."""

from __future__ import annotations

import tensorflow as tf


def batch_normalization(
    x: tf.Tensor,
    gamma: tf.Tensor | None,
    beta: tf.Tensor | None,
    moving_mean: tf.Tensor,
    moving_variance: tf.Tensor,
    *,
    training: bool,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """native: tf.nn.batch_normalization, tf.nn.moments

    Moving the statistics is composed.
    """
    channels = tf.experimental.numpy.moveaxis(x, axis, -1)
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = tf.nn.moments(channels, axes=list(range(x.ndim - 1)))
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    offset, factor = beta if center else None, gamma if scale else None
    y = tf.nn.batch_normalization(channels, mean, variance, offset, factor, epsilon)
    return tf.experimental.numpy.moveaxis(y, -1, axis), moving_mean, moving_variance
