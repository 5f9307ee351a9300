"""TensorFlow's regularization layers."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow import regularizers


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
