"""The definitions of the losses."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.activations import log_softmax

EPSILON = 1e-7
"""Keras's ``epsilon()``: how far probabilities are kept from 0 and 1."""


def mean_squared_error(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``mean((y_true - y_pred) ** 2)`` over the last axis, then weighted and reduced."""
    return reduce(np.mean(np.square(y_true - y_pred), axis=-1), sample_weight, reduction)


def categorical_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Array:
    """``-sum(target * log(probability))`` over ``axis``, then weighted and reduced.

    Probabilities are scaled to sum to 1 and kept within ``[EPSILON, 1 - EPSILON]``; logits go
    through the logarithm of softmax.
    """
    target = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis]
    logs = log_softmax(y_pred, axis=axis) if from_logits else log_probability(y_pred, axis)
    return reduce(-np.sum(target * logs, axis=axis), sample_weight, reduction)


def log_probability(p: Array, axis: int) -> Array:
    """Logarithm of ``p`` scaled to sum to 1 along ``axis`` and kept off 0 and 1."""
    scaled = p / np.sum(p, axis=axis, keepdims=True)
    return np.log(np.minimum(np.maximum(scaled, EPSILON), 1 - EPSILON))


def reduce(values: Array, sample_weight: Array | None, reduction: str) -> Array:
    """Weight the loss of each example, then reduce as Keras's ``Loss``; 0 where weights are."""
    if sample_weight is not None:
        values = values * sample_weight
    match reduction:
        case "none":
            return values
        case "sum":
            return np.sum(values)
        case "mean_with_sample_weight" if sample_weight is not None:
            total = np.sum(sample_weight)
            return np.where(total == 0, 0.0, np.sum(values) / total)
        case "sum_over_batch_size" | "mean" | "mean_with_sample_weight":
            return np.mean(values)
    raise ValueError(f"no reduction is called {reduction!r}")
