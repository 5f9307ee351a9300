"""TensorFlow's ways to merge tensors."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf


def concatenate(x: Sequence[tf.Tensor], *, axis: int = -1) -> tf.Tensor:
    """native: tf.concat"""
    return tf.concat(x, axis)
