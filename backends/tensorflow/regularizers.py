"""TensorFlow's regularizers."""

from __future__ import annotations

import tensorflow as tf


def l2(w: tf.Tensor, *, l2: float = 0.01) -> tf.Tensor:
    """native: tf.nn.l2_loss

    It halves the sum of squares.
    """
    return 2 * l2 * tf.nn.l2_loss(w)
