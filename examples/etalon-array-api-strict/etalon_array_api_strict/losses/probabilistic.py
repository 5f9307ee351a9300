"""Losses of probabilities and logits."""

from __future__ import annotations

from typing import Any

import array_api_strict as xp

from etalon_array_api_strict import activations
from etalon_array_api_strict.losses.reduction import reduce

Array = Any


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
    """composed: activations.log_softmax, xp.clip, xp.log, xp.sum"""
    target = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis]
    if from_logits:
        logs = activations.log_softmax(y_pred, axis=axis)
    else:
        scaled = y_pred / xp.sum(y_pred, axis=axis, keepdims=True)
        logs = xp.log(xp.clip(scaled, 1e-7, 1 - 1e-7))
    return reduce(-xp.sum(target * logs, axis=axis), sample_weight, mask, reduction)


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
    """composed: xp.logaddexp, xp.clip, xp.log, xp.mean"""
    target = y_true * (1 - label_smoothing) + label_smoothing / 2
    if from_logits:
        values = target * xp.logaddexp(-y_pred, 0.0) + (1 - target) * xp.logaddexp(y_pred, 0.0)
    else:
        kept = xp.clip(y_pred, 1e-7, 1 - 1e-7)
        values = -(target * xp.log(kept) + (1 - target) * xp.log(1 - kept))
    return reduce(xp.mean(values, axis=axis), sample_weight, mask, reduction)


def poisson(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """composed: xp.log, xp.mean"""
    values = y_pred - y_true * xp.log(y_pred + 1e-7)
    return reduce(xp.mean(values, axis=-1), sample_weight, mask, reduction)
