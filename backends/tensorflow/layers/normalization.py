"""TensorFlow's normalization."""

from __future__ import annotations

import tensorflow as tf

FUZZ = 1e-7
"""What Keras adds to the number of what a mask keeps."""


def batch_normalization(
    x: tf.Tensor,
    gamma: tf.Tensor | None,
    beta: tf.Tensor | None,
    moving_mean: tf.Tensor,
    moving_variance: tf.Tensor,
    *,
    training: bool,
    mask: tf.Tensor | None = None,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """native: tf.nn.batch_normalization, tf.nn.moments

    Moving the statistics is composed; under a mask, so are they, of tf.where and tf.reduce_sum.
    """
    channels = tf.experimental.numpy.moveaxis(x, axis, -1)
    mean, variance = moving_mean, moving_variance
    if training:
        if mask is None:
            mean, variance = tf.nn.moments(channels, axes=list(range(x.ndim - 1)))
        else:
            mean, variance = _moments(channels, mask, axis)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    offset, factor = beta if center else None, gamma if scale else None
    y = tf.nn.batch_normalization(channels, mean, variance, offset, factor, epsilon)
    return tf.experimental.numpy.moveaxis(y, -1, axis), moving_mean, moving_variance


def batch_normalization_keras2(
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
        count = tf.size(x).numpy() // x.shape[axis]
        larger = variance * (count / (count - (1 + epsilon)))
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * larger
    offset, factor = beta if center else None, gamma if scale else None
    y = tf.nn.batch_normalization(channels, mean, variance, offset, factor, epsilon)
    return tf.experimental.numpy.moveaxis(y, -1, axis), moving_mean, moving_variance


def layer_normalization(
    x: tf.Tensor,
    gamma: tf.Tensor | None = None,
    beta: tf.Tensor | None = None,
    *,
    axis: int | tuple[int, ...] = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tf.Tensor:
    """composed: tf.nn.moments, tf.math.rsqrt"""
    axes = _axes(axis, x.ndim)
    mean, variance = tf.nn.moments(x, axes, keepdims=True)
    y = (x - mean) * tf.math.rsqrt(variance + epsilon)
    lengths = [n if place in axes else 1 for place, n in enumerate(x.shape)]
    y = y if gamma is None or not scale else y * tf.reshape(gamma, lengths)
    return y if beta is None or not center else y + tf.reshape(beta, lengths)


def rms_normalization(
    x: tf.Tensor,
    scale: tf.Tensor,
    *,
    axis: int | tuple[int, ...] = -1,
    epsilon: float = 1e-6,
) -> tf.Tensor:
    """composed: tf.reduce_mean, tf.math.rsqrt"""
    axes = _axes(axis, x.ndim)
    squares = tf.reduce_mean(tf.square(x), axes, keepdims=True)
    lengths = [n if place in axes else 1 for place, n in enumerate(x.shape)]
    return x * tf.math.rsqrt(squares + epsilon) * tf.reshape(scale, lengths)


def group_normalization(
    x: tf.Tensor,
    gamma: tf.Tensor | None = None,
    beta: tf.Tensor | None = None,
    *,
    groups: int = 32,
    axis: int = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tf.Tensor:
    """composed: tf.nn.moments, tf.math.rsqrt"""
    channels = tf.experimental.numpy.moveaxis(x, axis, -1)
    count = channels.shape[-1] if groups == -1 else groups
    grouped = tf.reshape(channels, [*channels.shape[:-1], count, channels.shape[-1] // count])
    others = [*range(1, x.ndim - 1), x.ndim]
    mean, variance = tf.nn.moments(grouped, others, keepdims=True)
    y = tf.reshape((grouped - mean) * tf.math.rsqrt(variance + epsilon), channels.shape)
    y = y if gamma is None or not scale else y * gamma
    y = y if beta is None or not center else y + beta
    return tf.experimental.numpy.moveaxis(y, -1, axis)


def _axes(axis: int | tuple[int, ...], ndim: int) -> list[int]:
    """Return the axes, counted from the front."""
    named = [axis] if isinstance(axis, int) else list(axis)
    return [each + ndim if each < 0 else each for each in named]


def _moments(channels: tf.Tensor, mask: tf.Tensor, axis: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Return mean and variance of each channel, of what the mask keeps."""
    others, zeros = list(range(channels.ndim - 1)), tf.zeros_like(channels)
    given = tf.experimental.numpy.moveaxis(channels, -1, axis).shape
    everywhere = tf.broadcast_to(tf.expand_dims(mask, -1), given)
    counted = tf.experimental.numpy.moveaxis(everywhere, axis, -1)
    count = tf.reduce_sum(tf.cast(counted, channels.dtype), axis=others) + FUZZ
    mean = tf.reduce_sum(tf.where(counted, channels, zeros), axis=others) / count
    deviations = tf.where(counted, channels - mean, zeros)
    return mean, tf.reduce_sum(tf.square(deviations), axis=others) / count
