"""Losses of margins."""

from __future__ import annotations

from typing import Any

import array_api_strict as xp

from etalon_array_api_strict.losses.reduction import reduce

Array = Any


def hinge(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """composed: xp.maximum, xp.mean"""
    terms = xp.maximum(1 - _signs(y_true) * y_pred, 0.0)
    return reduce(xp.mean(terms, axis=-1), sample_weight, mask, reduction)


def squared_hinge(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """composed: xp.maximum, xp.square, xp.mean"""
    terms = xp.square(xp.maximum(1 - _signs(y_true) * y_pred, 0.0))
    return reduce(xp.mean(terms, axis=-1), sample_weight, mask, reduction)


def _signs(y_true: Array) -> Array:
    binary = xp.all((y_true == 0) | (y_true == 1))
    return xp.where(binary, 2 * y_true - 1, y_true)
