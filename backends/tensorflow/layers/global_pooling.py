"""TensorFlow's global pooling: reductions over the spatial axes."""

from __future__ import annotations

import tensorflow as tf


def global_max_pooling1d(
    x: tf.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> tf.Tensor:
    """native: tf.reduce_max"""
    return tf.reduce_max(x, axis=_spatial(1, data_format), keepdims=keepdims)


def global_max_pooling2d(
    x: tf.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> tf.Tensor:
    """native: tf.reduce_max"""
    return tf.reduce_max(x, axis=_spatial(2, data_format), keepdims=keepdims)


def global_max_pooling3d(
    x: tf.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> tf.Tensor:
    """native: tf.reduce_max"""
    return tf.reduce_max(x, axis=_spatial(3, data_format), keepdims=keepdims)


def global_average_pooling1d(
    x: tf.Tensor,
    *,
    mask: tf.Tensor | None = None,
    data_format: str = "channels_last",
    keepdims: bool = False,
) -> tf.Tensor:
    """native: tf.reduce_mean

    Under a mask it is composed of tf.where and tf.reduce_sum.
    """
    axes = _spatial(1, data_format)
    if mask is None:
        return tf.reduce_mean(x, axis=axes, keepdims=keepdims)
    counted = tf.expand_dims(mask, -1 if data_format == "channels_last" else 1)
    total = tf.reduce_sum(tf.where(counted, x, tf.zeros_like(x)), axis=axes, keepdims=keepdims)
    return total / tf.reduce_sum(tf.cast(counted, x.dtype), axis=axes, keepdims=keepdims)


def global_average_pooling2d(
    x: tf.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> tf.Tensor:
    """native: tf.reduce_mean"""
    return tf.reduce_mean(x, axis=_spatial(2, data_format), keepdims=keepdims)


def global_average_pooling3d(
    x: tf.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> tf.Tensor:
    """native: tf.reduce_mean"""
    return tf.reduce_mean(x, axis=_spatial(3, data_format), keepdims=keepdims)


def _spatial(axes: int, data_format: str) -> list[int]:
    first = 1 if data_format == "channels_last" else 2
    return list(range(first, first + axes))
