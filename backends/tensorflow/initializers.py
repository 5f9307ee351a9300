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
