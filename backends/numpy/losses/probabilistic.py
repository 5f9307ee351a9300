"""Losses of predicted probabilities, or of the logits that they come from."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array, fixed, with_slope
from etalon.backends.numpy.activations import log_softmax, sigmoid, softplus
from etalon.backends.numpy.losses.reduction import reduce
from etalon.spec.shapes import InvalidCall

EPSILON = 1e-7
"""Keras's ``epsilon()``: how far probabilities are kept from 0 and 1."""
OF_LABELS = "losses/sparse_categorical_crossentropy"
"""Whose constraints metrics cite, too."""


def categorical_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Array:
    """``-sum(target * log(probability))`` over ``axis``, then weighted and reduced.

    Probabilities are scaled to sum to 1 and kept within ``[EPSILON, 1 - EPSILON]``; logits go
    through the logarithm of softmax.
    """
    target = smoothed(y_true, label_smoothing, y_true.shape[axis])
    logs = log_softmax(y_pred, axis=axis) if from_logits else log_probability(y_pred, axis)
    return reduce(-np.sum(target * logs, axis=axis), sample_weight, mask, reduction)


def binary_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Array:
    """``-mean(target * log(p) + (1 - target) * log(1 - p))`` over ``axis``, then as the others.

    Probabilities are kept within ``[EPSILON, 1 - EPSILON]``. Of logits x, whose sigmoid is p,
    ``-log(p)`` is ``softplus(-x)`` and ``-log(1 - p)`` is ``softplus(x)``.
    """
    target = smoothed(y_true, label_smoothing, 2)
    values = of_logits(target, y_pred) if from_logits else of_probabilities(target, y_pred)
    return reduce(np.mean(values, axis=axis), sample_weight, mask, reduction)


def of_probabilities(target: Array, p: Array) -> Array:
    """Binary cross-entropy of probabilities that are kept off 0 and 1."""
    kept = clipped(p)
    return -(target * np.log(kept) + (1 - target) * np.log(1 - kept))


def of_logits(target: Array, x: Array) -> Array:
    """Binary cross-entropy of logits.

    The derivative ``sigmoid(x) - target`` is ``(1 - target) * sigmoid(x) - target * sigmoid(-x)``,
    since the two sigmoids add up to 1: of a target of 0 or 1, nothing cancels.
    """
    number = fixed(x)
    value = target * softplus(-number) + (1 - target) * softplus(number)
    slope = (1 - target) * sigmoid(number) - target * sigmoid(-number)
    return with_slope(value, x, slope)


def sparse_categorical_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Array:
    """``-log(p[y_true])``, p along ``axis`` as in the categorical one, then weighted and reduced.

    Where ``y_true`` is ``ignore_class``, the loss is 0, and masked.
    """
    counted = np.ones(y_true.shape, bool) if ignore_class is None else y_true != ignore_class
    labels = np.where(counted, y_true, 0)
    if ((labels < 0) | (labels >= y_pred.shape[axis])).any():
        raise InvalidCall(f"{OF_LABELS}: C3: y_true has labels that are no classes of y_pred")
    logs = log_softmax(y_pred, axis=axis) if from_logits else log_probability(y_pred, axis)
    chosen = np.take_along_axis(logs, np.expand_dims(labels, axis), axis=axis)
    values = np.where(counted, -np.squeeze(chosen, axis=axis), 0.0)
    if ignore_class is not None:
        mask = counted if mask is None else mask & counted
    return reduce(values, sample_weight, mask, reduction)


def kl_divergence(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``sum(t * log(t / p))`` over the last axis, then weighted and reduced.

    The shares t and p are ``y_true`` and ``y_pred``, kept within ``[EPSILON, 1]``.
    """
    t, p = clipped(y_true, 1.0), clipped(y_pred, 1.0)
    return reduce(np.sum(t * np.log(t / p), axis=-1), sample_weight, mask, reduction)


def poisson(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``mean(y_pred - y_true * log(y_pred + EPSILON))`` over the last axis, then as the others."""
    values = y_pred - y_true * np.log(y_pred + EPSILON)
    return reduce(np.mean(values, axis=-1), sample_weight, mask, reduction)


def smoothed(y_true: Array, label_smoothing: float, classes: int) -> Array:
    """``y_true`` moved towards equal shares of all classes."""
    return y_true * (1 - label_smoothing) + label_smoothing / classes


def clipped(p: Array, most: float = 1 - EPSILON) -> Array:
    """``p`` kept within ``[EPSILON, most]``."""
    return np.minimum(np.maximum(p, EPSILON), most)


def log_probability(p: Array, axis: int) -> Array:
    """Logarithm of ``p`` scaled to sum to 1 along ``axis`` and kept off 0 and 1."""
    return np.log(clipped(p / np.sum(p, axis=axis, keepdims=True)))
