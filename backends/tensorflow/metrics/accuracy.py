"""Accuracies of TensorFlow, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

Batches = Sequence[tuple[tf.Tensor, ...]]


def categorical_accuracy(batches: Batches) -> tf.Tensor:
    """composed: tf.argmax, tf.equal"""

    def right(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return tf.equal(tf.argmax(y_true, axis=-1), tf.argmax(y_pred, axis=-1))

    return weighted_mean(right, batches)


def sparse_categorical_accuracy(batches: Batches) -> tf.Tensor:
    """composed: tf.argmax, tf.equal"""

    def right(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return tf.equal(y_true, tf.argmax(y_pred, axis=-1, output_type=tf.int32))

    return weighted_mean(right, batches)


def binary_accuracy(batches: Batches, *, threshold: float = 0.5) -> tf.Tensor:
    """composed: tf.greater, tf.equal, tf.reduce_mean"""

    def right(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(
            tf.cast(
                tf.equal(tf.cast(tf.greater(y_pred, threshold), y_true.dtype), y_true), y_pred.dtype
            ),
            axis=-1,
        )

    return weighted_mean(right, batches)


def top_k_categorical_accuracy(batches: Batches, *, k: int = 5) -> tf.Tensor:
    """composed: tf.argmax"""
    labelled = [(tf.argmax(y_true, axis=-1), *rest) for y_true, *rest in batches]
    return sparse_top_k_categorical_accuracy(labelled, k=k)


def sparse_top_k_categorical_accuracy(batches: Batches, *, k: int = 5) -> tf.Tensor:
    """native: tf.math.in_top_k"""

    def right(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return tf.math.in_top_k(y_true, tf.cast(y_pred, tf.float32), k)

    return weighted_mean(right, batches)


def binary_accuracy_keras2(batches: Batches) -> tf.Tensor:
    """composed: tf.round, tf.equal, tf.reduce_mean"""

    def right(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.cast(tf.equal(tf.round(y_pred), y_true), y_pred.dtype), axis=-1)

    return weighted_mean(right, batches)


def top_k_categorical_accuracy_keras2(batches: Batches, *, k: int = 5) -> tf.Tensor:
    """composed: tf.argmax"""
    labelled = [(tf.argmax(y_true, axis=-1), y_pred) for y_true, y_pred in batches]
    return sparse_top_k_categorical_accuracy(labelled, k=k)


def weighted_mean(
    right: Callable[[tf.Tensor, tf.Tensor], tf.Tensor], batches: Batches
) -> tf.Tensor:
    """Return the weighted mean of what is right (or how much of it) over all batches."""
    total = count = tf.zeros((), batches[0][1].dtype)
    for y_true, y_pred, *weights in batches:
        shares = tf.cast(right(y_true, y_pred), y_pred.dtype)
        weight = weights[0] if weights else tf.ones_like(shares)
        total = total + tf.reduce_sum(weight * shares)
        count = count + tf.reduce_sum(weight)
    return tf.math.divide_no_nan(total, count)
