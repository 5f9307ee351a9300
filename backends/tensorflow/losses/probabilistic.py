"""TensorFlow's losses of probabilities and logits."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow.losses.reduction import reduce


def categorical_crossentropy(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> tf.Tensor:
    """native: tf.nn.softmax_cross_entropy_with_logits

    On probabilities, which it does not take, the loss is composed of tf.clip_by_value,
    tf.math.log and tf.reduce_sum.
    """
    target = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis]
    if from_logits:
        values = tf.nn.softmax_cross_entropy_with_logits(target, y_pred, axis)
    else:
        scaled = y_pred / tf.reduce_sum(y_pred, axis=axis, keepdims=True)
        logs = tf.math.log(tf.clip_by_value(scaled, 1e-7, 1 - 1e-7))
        values = -tf.reduce_sum(target * logs, axis=axis)
    return reduce(values, sample_weight, mask, reduction)


def binary_crossentropy(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> tf.Tensor:
    """native: tf.nn.sigmoid_cross_entropy_with_logits

    On probabilities, which it does not take, the loss is composed of tf.clip_by_value and
    tf.math.log.
    """
    target = y_true * (1 - label_smoothing) + label_smoothing / 2
    if from_logits:
        values = tf.nn.sigmoid_cross_entropy_with_logits(target, y_pred)
    else:
        kept = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
        values = -(target * tf.math.log(kept) + (1 - target) * tf.math.log(1 - kept))
    return reduce(tf.reduce_mean(values, axis=axis), sample_weight, mask, reduction)


def sparse_categorical_crossentropy(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> tf.Tensor:
    """native: tf.nn.sparse_softmax_cross_entropy_with_logits

    It takes classes along the last axis. On probabilities, which it does not take, the loss is
    composed of tf.gather, tf.clip_by_value and tf.math.log.
    """
    labels, classes = y_true, tf.experimental.numpy.moveaxis(y_pred, axis, -1)
    if ignore_class is not None:
        counted = y_true != ignore_class
        labels = tf.where(counted, y_true, 0)
        mask = counted if mask is None else mask & counted
    if from_logits:
        values = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, classes)
    else:
        scaled = classes / tf.reduce_sum(classes, axis=-1, keepdims=True)
        chosen = tf.gather(scaled, labels, batch_dims=len(labels.shape))
        values = -tf.math.log(tf.clip_by_value(chosen, 1e-7, 1 - 1e-7))
    if ignore_class is not None:
        values = tf.where(counted, values, 0)
    return reduce(values, sample_weight, mask, reduction)


def kl_divergence(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.clip_by_value, tf.math.log, tf.reduce_sum"""
    target, kept = (tf.clip_by_value(shares, 1e-7, 1) for shares in (y_true, y_pred))
    values = tf.reduce_sum(target * tf.math.log(target / kept), axis=-1)
    return reduce(values, sample_weight, mask, reduction)


def poisson(
    y_true: tf.Tensor,
    y_pred: tf.Tensor,
    *,
    sample_weight: tf.Tensor | None = None,
    mask: tf.Tensor | None = None,
    reduction: str = "none",
) -> tf.Tensor:
    """composed: tf.math.log, tf.reduce_mean"""
    values = tf.reduce_mean(y_pred - y_true * tf.math.log(y_pred + 1e-7), axis=-1)
    return reduce(values, sample_weight, mask, reduction)
