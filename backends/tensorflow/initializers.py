"""TensorFlow's initializers.

They draw from a stream that goes on from call to call; setting the global seed starts it again.
"""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf


def glorot_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> tf.Tensor:
    """native: tf.compat.v1.glorot_normal_initializer"""
    tf.random.set_seed(seed)
    return tf.compat.v1.glorot_normal_initializer(seed)(shape, tf.as_dtype(dtype))


def orthogonal(
    shape: Sequence[int], *, dtype: str = "float32", seed: int, gain: float = 1.0
) -> tf.Tensor:
    """native: tf.compat.v1.orthogonal_initializer"""
    tf.random.set_seed(seed)
    return tf.compat.v1.orthogonal_initializer(gain, seed)(shape, tf.as_dtype(dtype))


def glorot_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> tf.Tensor:
    """native: tf.compat.v1.glorot_uniform_initializer"""
    tf.random.set_seed(seed)
    return tf.compat.v1.glorot_uniform_initializer(seed)(shape, tf.as_dtype(dtype))


def he_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> tf.Tensor:
    """native: tf.compat.v1.variance_scaling_initializer"""
    tf.random.set_seed(seed)
    draw = tf.compat.v1.variance_scaling_initializer(2.0, "fan_in", "truncated_normal", seed)
    return draw(shape, tf.as_dtype(dtype))


def he_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> tf.Tensor:
    """native: tf.compat.v1.variance_scaling_initializer"""
    tf.random.set_seed(seed)
    draw = tf.compat.v1.variance_scaling_initializer(2.0, "fan_in", "uniform", seed)
    return draw(shape, tf.as_dtype(dtype))


def lecun_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> tf.Tensor:
    """native: tf.compat.v1.variance_scaling_initializer"""
    tf.random.set_seed(seed)
    draw = tf.compat.v1.variance_scaling_initializer(1.0, "fan_in", "truncated_normal", seed)
    return draw(shape, tf.as_dtype(dtype))


def lecun_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> tf.Tensor:
    """native: tf.compat.v1.variance_scaling_initializer"""
    tf.random.set_seed(seed)
    draw = tf.compat.v1.variance_scaling_initializer(1.0, "fan_in", "uniform", seed)
    return draw(shape, tf.as_dtype(dtype))


def variance_scaling(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
) -> tf.Tensor:
    """native: tf.compat.v1.variance_scaling_initializer"""
    tf.random.set_seed(seed)
    draw = tf.compat.v1.variance_scaling_initializer(scale, mode, distribution, seed)
    return draw(shape, tf.as_dtype(dtype))


def random_normal(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> tf.Tensor:
    """native: tf.compat.v1.random_normal_initializer"""
    tf.random.set_seed(seed)
    return tf.compat.v1.random_normal_initializer(mean, stddev, seed)(shape, tf.as_dtype(dtype))


def random_uniform(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    minval: float = -0.05,
    maxval: float = 0.05,
) -> tf.Tensor:
    """native: tf.compat.v1.random_uniform_initializer"""
    tf.random.set_seed(seed)
    return tf.compat.v1.random_uniform_initializer(minval, maxval, seed)(shape, tf.as_dtype(dtype))


def truncated_normal(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> tf.Tensor:
    """native: tf.compat.v1.truncated_normal_initializer"""
    tf.random.set_seed(seed)
    return tf.compat.v1.truncated_normal_initializer(mean, stddev, seed)(shape, tf.as_dtype(dtype))


def zeros(shape: Sequence[int], *, dtype: str = "float32") -> tf.Tensor:
    """native: tf.compat.v1.zeros_initializer"""
    return tf.compat.v1.zeros_initializer()(shape, tf.as_dtype(dtype))


def ones(shape: Sequence[int], *, dtype: str = "float32") -> tf.Tensor:
    """native: tf.compat.v1.ones_initializer"""
    return tf.compat.v1.ones_initializer()(shape, tf.as_dtype(dtype))


def constant(shape: Sequence[int], *, dtype: str = "float32", value: float = 0.0) -> tf.Tensor:
    """native: tf.compat.v1.constant_initializer"""
    return tf.compat.v1.constant_initializer(value)(shape, tf.as_dtype(dtype))


def identity(shape: Sequence[int], *, dtype: str = "float32", gain: float = 1.0) -> tf.Tensor:
    """native: tf.compat.v1.initializers.identity"""
    return tf.compat.v1.initializers.identity(gain)(shape, tf.as_dtype(dtype))


def identity_keras2(
    shape: Sequence[int], *, dtype: str = "float32", gain: float = 1.0
) -> tf.Tensor:
    """composed: tf.eye, tf.tile"""
    rows, columns = shape
    short = min(shape)
    if max(shape) % short:
        raise ValueError(f"the long side has to be a multiple of the short side, got {shape}")
    return gain * tf.tile(tf.eye(short, dtype=dtype), [rows // short, columns // short])
