"""Metrics of TensorFlow that are means of losses, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import tensorflow as tf

from etalon.backends.tensorflow.losses import hinge as margins
from etalon.backends.tensorflow.losses import probabilistic, regression
from etalon.backends.tensorflow.metrics.accuracy import weighted_mean

Batches = Sequence[tuple[tf.Tensor, ...]]


def mean_squared_error(batches: Batches) -> tf.Tensor:
    """composed: regression.mean_squared_error"""
    return mean(regression.mean_squared_error, batches)


def mean_absolute_error(batches: Batches) -> tf.Tensor:
    """composed: regression.mean_absolute_error"""
    return mean(regression.mean_absolute_error, batches)


def mean_absolute_percentage_error(batches: Batches) -> tf.Tensor:
    """composed: regression.mean_absolute_percentage_error"""
    return mean(regression.mean_absolute_percentage_error, batches)


def mean_squared_logarithmic_error(batches: Batches) -> tf.Tensor:
    """composed: regression.mean_squared_logarithmic_error"""
    return mean(regression.mean_squared_logarithmic_error, batches)


def log_cosh(batches: Batches) -> tf.Tensor:
    """composed: regression.log_cosh"""
    return mean(regression.log_cosh, batches)


def huber(batches: Batches, *, delta: float = 1.0) -> tf.Tensor:
    """composed: regression.huber"""
    return mean(regression.huber, batches, delta=delta)


def cosine_similarity(batches: Batches, *, axis: int = -1) -> tf.Tensor:
    """composed: regression.cosine_similarity"""
    return -mean(regression.cosine_similarity, batches, axis=axis)


def binary_crossentropy(
    batches: Batches, *, from_logits: bool = False, label_smoothing: float = 0.0
) -> tf.Tensor:
    """composed: probabilistic.binary_crossentropy"""
    options = {"from_logits": from_logits, "label_smoothing": label_smoothing}
    return mean(probabilistic.binary_crossentropy, batches, **options)


def categorical_crossentropy(
    batches: Batches, *, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> tf.Tensor:
    """composed: probabilistic.categorical_crossentropy"""
    options = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
    return mean(probabilistic.categorical_crossentropy, batches, **options)


def sparse_categorical_crossentropy(
    batches: Batches, *, from_logits: bool = False, ignore_class: int | None = None, axis: int = -1
) -> tf.Tensor:
    """composed: probabilistic.sparse_categorical_crossentropy"""
    loss = partial(
        probabilistic.sparse_categorical_crossentropy,
        from_logits=from_logits,
        ignore_class=ignore_class,
        axis=axis,
    )
    if ignore_class is None:
        return mean(loss, batches)
    return weighted_mean(loss, [without_class(batch, ignore_class) for batch in batches])


def kl_divergence(batches: Batches) -> tf.Tensor:
    """composed: probabilistic.kl_divergence"""
    return mean(probabilistic.kl_divergence, batches)


def poisson(batches: Batches) -> tf.Tensor:
    """composed: probabilistic.poisson"""
    return mean(probabilistic.poisson, batches)


def hinge(batches: Batches) -> tf.Tensor:
    """composed: margins.hinge"""
    return mean(margins.hinge, batches)


def squared_hinge(batches: Batches) -> tf.Tensor:
    """composed: margins.squared_hinge"""
    return mean(margins.squared_hinge, batches)


def categorical_hinge(batches: Batches) -> tf.Tensor:
    """composed: margins.categorical_hinge"""
    return mean(margins.categorical_hinge, batches)


def without_class(batch: tuple[tf.Tensor, ...], ignore_class: int) -> tuple[tf.Tensor, ...]:
    """Return a batch with a weight for each label, which is 0 for those of a class."""
    y_true, y_pred, *weights = batch
    counted = tf.cast(tf.not_equal(y_true, ignore_class), y_pred.dtype)
    if not weights:
        return y_true, y_pred, counted
    return y_true, y_pred, counted * tf.reshape(weights[0], (-1, *[1] * (y_true.ndim - 1)))


def mean(loss: Callable[..., tf.Tensor], batches: Batches, **config: Any) -> tf.Tensor:
    """Return the weighted mean of a loss over the examples of all batches."""

    def of_examples(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        values = loss(y_true, y_pred, **config)
        return tf.reduce_mean(values, axis=tuple(range(1, values.ndim)))

    return weighted_mean(of_examples, batches)
