"""TensorFlow's pooling."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
    return pooled(tf.nn.max_pool1d, x, pool_size, strides, padding, data_format)


def max_pooling2d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.max_pool2d"""
    return pooled(tf.nn.max_pool2d, x, pool_size, strides, padding, data_format)


def max_pooling3d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.max_pool3d"""
    return pooled(tf.nn.max_pool3d, x, pool_size, strides, padding, data_format)


def average_pooling1d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.avg_pool1d"""
    return pooled(tf.nn.avg_pool1d, x, pool_size, strides, padding, data_format)


def average_pooling2d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.avg_pool2d"""
    return pooled(tf.nn.avg_pool2d, x, pool_size, strides, padding, data_format)


def average_pooling3d(
    x: tf.Tensor,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.avg_pool3d"""
    return pooled(tf.nn.avg_pool3d, x, pool_size, strides, padding, data_format)


def pooled(
    pool: Callable[..., tf.Tensor],
    x: tf.Tensor,
    size: Lengths,
    strides: Lengths | None,
    padding: str,
    data_format: str,
) -> tf.Tensor:
    """Pool over all axes between batch and channels; the layout is named by a letter for each."""
    spatial = "DHW"[5 - x.ndim :]
    layout = f"N{spatial}C" if data_format == "channels_last" else f"NC{spatial}"
    return pool(x, size, size if strides is None else strides, padding.upper(), layout)
