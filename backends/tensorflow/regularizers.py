"""TensorFlow's regularizers: norms, and half the sum of squares."""

from __future__ import annotations

import tensorflow as tf


def l1(w: tf.Tensor, *, l1: float = 0.01, role: str = "kernel") -> tf.Tensor:
    """native: tf.norm"""
    return _weighed(l1 * tf.norm(w, ord=1), w, role)


def l2(w: tf.Tensor, *, l2: float = 0.01, role: str = "kernel") -> tf.Tensor:
    """native: tf.nn.l2_loss

    It halves the sum of squares.
    """
    return _weighed(2 * l2 * tf.nn.l2_loss(w), w, role)


def l1_l2(w: tf.Tensor, *, l1: float = 0.0, l2: float = 0.0, role: str = "kernel") -> tf.Tensor:
    """composed: tf.norm, tf.math.square, tf.reduce_sum"""
    penalty = tf.zeros((), w.dtype)
    if l1:
        penalty = penalty + l1 * tf.norm(w, ord=1)
    if l2:
        penalty = penalty + l2 * tf.reduce_sum(tf.math.square(w))
    return _weighed(penalty, w, role)


def l1_keras2(w: tf.Tensor, *, l1: float = 0.01, role: str = "kernel") -> tf.Tensor:
    """composed: tf.math.abs, tf.reduce_sum"""
    return tf.reduce_sum(l1 * tf.math.abs(w))


def l2_keras2(w: tf.Tensor, *, l2: float = 0.01, role: str = "kernel") -> tf.Tensor:
    """composed: tf.math.square, tf.reduce_sum"""
    return tf.reduce_sum(l2 * tf.math.square(w))


def l1_l2_keras2(
    w: tf.Tensor, *, l1: float = 0.01, l2: float = 0.01, role: str = "kernel"
) -> tf.Tensor:
    """composed: tf.math.abs, tf.math.square, tf.reduce_sum"""
    penalty = tf.zeros((), w.dtype)
    if l1:
        penalty = penalty + tf.reduce_sum(l1 * tf.math.abs(w))
    if l2:
        penalty = penalty + tf.reduce_sum(l2 * tf.math.square(w))
    return penalty


def _weighed(penalty: tf.Tensor, w: tf.Tensor, role: str) -> tf.Tensor:
    """Divide the penalty of an activity by the number of examples."""
    return penalty / max(len(w), 1) if role == "activity" else penalty
