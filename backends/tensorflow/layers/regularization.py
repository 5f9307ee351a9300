"""TensorFlow's regularization layers."""

from __future__ import annotations

import math

import tensorflow as tf

from etalon.backends.tensorflow import regularizers

SELU_END = -1.7580993408473766
"""What selu tends to for large negative numbers."""


def activity_regularization(
    x: tf.Tensor, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[tf.Tensor, tf.Tensor]:
    """composed: regularizers.l1_l2"""
    return x, regularizers.l1_l2(x, l1=l1, l2=l2, role="activity")


def activity_regularization_keras2(
    x: tf.Tensor, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[tf.Tensor, tf.Tensor]:
    """composed: regularizers.l1_l2_keras2"""
    return x, regularizers.l1_l2_keras2(x, l1=l1, l2=l2)


def dropout(x: tf.Tensor, *, rate: float, training: bool = False, seed: int = 0) -> tf.Tensor:
    """native: tf.nn.experimental.stateless_dropout"""
    return tf.nn.experimental.stateless_dropout(x, rate, seed=[seed, 0]) if training else x


def spatial_dropout1d(
    x: tf.Tensor, *, rate: float, training: bool = False, seed: int = 0
) -> tf.Tensor:
    """native: tf.nn.experimental.stateless_dropout"""
    if not training:
        return x
    maps = (x.shape[0], 1, x.shape[2])
    return tf.nn.experimental.stateless_dropout(x, rate, [seed, 0], noise_shape=maps)


def spatial_dropout2d(
    x: tf.Tensor,
    *,
    rate: float,
    training: bool = False,
    data_format: str = "channels_last",
    seed: int = 0,
) -> tf.Tensor:
    """native: tf.nn.experimental.stateless_dropout"""
    if not training:
        return x
    first = data_format == "channels_first"
    maps = (*x.shape[:2], 1, 1) if first else (x.shape[0], 1, 1, x.shape[-1])
    return tf.nn.experimental.stateless_dropout(x, rate, [seed, 0], noise_shape=maps)


def spatial_dropout3d(
    x: tf.Tensor,
    *,
    rate: float,
    training: bool = False,
    data_format: str = "channels_last",
    seed: int = 0,
) -> tf.Tensor:
    """native: tf.nn.experimental.stateless_dropout"""
    if not training:
        return x
    first = data_format == "channels_first"
    maps = (*x.shape[:2], 1, 1, 1) if first else (x.shape[0], 1, 1, 1, x.shape[-1])
    return tf.nn.experimental.stateless_dropout(x, rate, [seed, 0], noise_shape=maps)


def alpha_dropout(x: tf.Tensor, *, rate: float, training: bool = False, seed: int = 0) -> tf.Tensor:
    """composed: tf.random.stateless_uniform, tf.where"""
    if not training:
        return x
    kept = tf.random.stateless_uniform(x.shape, [seed, 0], dtype=tf.float32) >= rate
    a = 1 / math.sqrt((1 - rate) * (1 + rate * SELU_END**2))
    return a * tf.where(kept, x, tf.constant(SELU_END, x.dtype)) - a * SELU_END * rate


def gaussian_dropout(
    x: tf.Tensor, *, rate: float, training: bool = False, seed: int = 0
) -> tf.Tensor:
    """composed: tf.random.stateless_normal"""
    if not training:
        return x
    stddev = math.sqrt(rate / (1 - rate))
    return x * tf.random.stateless_normal(x.shape, [seed, 0], 1.0, stddev, x.dtype)


def gaussian_noise(
    x: tf.Tensor, *, stddev: float, training: bool = False, seed: int = 0
) -> tf.Tensor:
    """composed: tf.random.stateless_normal"""
    if not training:
        return x
    return x + tf.random.stateless_normal(x.shape, [seed, 0], 0.0, stddev, x.dtype)
