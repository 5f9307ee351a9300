"""Losses of labels that are signs, and of margins."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.losses.reduction import reduce


def hinge(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """Keras 2's after labels 0 and 1 became -1 and 1, if there are no others in the batch."""
    labels = signs(y_true)
    return hinge_keras2(labels, y_pred, sample_weight=sample_weight, mask=mask, reduction=reduction)


def hinge_keras2(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``mean(max(1 - y_true * y_pred, 0))`` over the last axis, then weighted and reduced."""
    values = np.mean(lacking(y_true, y_pred), axis=-1)
    return reduce(values, sample_weight, mask, reduction)


def squared_hinge(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """Keras 2's after labels 0 and 1 became -1 and 1, if there are no others in the batch."""
    labels = signs(y_true)
    return squared_hinge_keras2(
        labels, y_pred, sample_weight=sample_weight, mask=mask, reduction=reduction
    )


def squared_hinge_keras2(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``mean(max(1 - y_true * y_pred, 0) ** 2)`` over the last axis, then weighted and reduced."""
    values = np.mean(np.square(lacking(y_true, y_pred)), axis=-1)
    return reduce(values, sample_weight, mask, reduction)


def categorical_hinge(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``max(others - own + 1, 0)``, then weighted and reduced.

    Over the last axis, ``own`` is ``sum(y_true * y_pred)`` and ``others`` is
    ``max((1 - y_true) * y_pred)``.
    """
    own = np.sum(y_true * y_pred, axis=-1)
    others = np.max((1 - y_true) * y_pred, axis=-1)
    return reduce(np.maximum(others - own + 1, 0.0), sample_weight, mask, reduction)


def lacking(y_true: Array, y_pred: Array) -> Array:
    """How much ``y_true * y_pred`` lacks to a margin of 1."""
    return np.maximum(1 - y_true * y_pred, 0.0)


def signs(y_true: Array) -> Array:
    """``2 * y_true - 1`` if each label of the batch is 0 or 1, else ``y_true``."""
    off = np.minimum(np.abs(y_true), np.abs(y_true - 1))
    return np.where(np.sum(off) == 0, 2 * y_true - 1, y_true)
