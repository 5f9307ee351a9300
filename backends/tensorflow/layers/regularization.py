"""TensorFlow's regularization layers."""

from __future__ import annotations

import tensorflow as tf


def dropout(x: tf.Tensor, *, rate: float, training: bool = False, seed: int = 0) -> tf.Tensor:
    """native: tf.nn.experimental.stateless_dropout"""
    return tf.nn.experimental.stateless_dropout(x, rate, seed=[seed, 0]) if training else x
