"""TensorFlow's pooling."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

Lengths = int | Sequence[int]


def max_pooling1d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.max_pool1d"""
    layout = "NWC" if data_format == "channels_last" else "NCW"
    steps = pool_size if strides is None else strides
    return tf.nn.max_pool1d(x, pool_size, steps, padding.upper(), layout)


def max_pooling2d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.max_pool2d"""
    layout = "NHWC" if data_format == "channels_last" else "NCHW"
    steps = pool_size if strides is None else strides
    return tf.nn.max_pool2d(x, pool_size, steps, padding.upper(), layout)


def max_pooling3d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.max_pool3d"""
    layout = "NDHWC" if data_format == "channels_last" else "NCDHW"
    steps = pool_size if strides is None else strides
    return tf.nn.max_pool3d(x, pool_size, steps, padding.upper(), layout)


def average_pooling1d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.avg_pool1d"""
    layout = "NWC" if data_format == "channels_last" else "NCW"
    steps = pool_size if strides is None else strides
    return tf.nn.avg_pool1d(x, pool_size, steps, padding.upper(), layout)


def average_pooling2d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.avg_pool2d"""
    layout = "NHWC" if data_format == "channels_last" else "NCHW"
    steps = pool_size if strides is None else strides
    return tf.nn.avg_pool2d(x, pool_size, steps, padding.upper(), layout)


def average_pooling3d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.avg_pool3d"""
    layout = "NDHWC" if data_format == "channels_last" else "NCDHW"
    steps = pool_size if strides is None else strides
    return tf.nn.avg_pool3d(x, pool_size, steps, padding.upper(), layout)
