"""TensorFlow's pooling."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf


def max_pooling2d(
    x: tf.Tensor,
    *,
    pool_size: int | Sequence[int] = (2, 2),
    strides: int | Sequence[int] | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.nn.max_pool2d"""
    layout = "NHWC" if data_format == "channels_last" else "NCHW"
    steps = pool_size if strides is None else strides
    return tf.nn.max_pool2d(x, pool_size, steps, padding.upper(), layout)
