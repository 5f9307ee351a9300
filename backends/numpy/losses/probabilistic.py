"""Losses of predicted probabilities, or of the logits that they come from."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.activations import log_softmax
from etalon.backends.numpy.losses.reduction import reduce

EPSILON = 1e-7
"""Keras's ``epsilon()``: how far probabilities are kept from 0 and 1."""


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
    target = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis]
    logs = log_softmax(y_pred, axis=axis) if from_logits else log_probability(y_pred, axis)
    return reduce(-np.sum(target * logs, axis=axis), sample_weight, mask, reduction)


def log_probability(p: Array, axis: int) -> Array:
    """Logarithm of ``p`` scaled to sum to 1 along ``axis`` and kept off 0 and 1."""
    scaled = p / np.sum(p, axis=axis, keepdims=True)
    return np.log(np.minimum(np.maximum(scaled, EPSILON), 1 - EPSILON))
