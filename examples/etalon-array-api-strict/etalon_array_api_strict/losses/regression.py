"""Losses of numbers."""

from __future__ import annotations

import math
from typing import Any

import array_api_strict as xp

from etalon_array_api_strict.losses.reduction import reduce

Array = Any


def mean_squared_error(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """composed: xp.square, xp.mean"""
    squares = xp.square(y_pred - y_true)
    return reduce(xp.mean(squares, axis=-1), sample_weight, mask, reduction)


def mean_absolute_error(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """composed: xp.abs, xp.mean"""
    sizes = xp.abs(y_pred - y_true)
    return reduce(xp.mean(sizes, axis=-1), sample_weight, mask, reduction)


def log_cosh(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """composed: xp.logaddexp, xp.mean"""
    error = y_pred - y_true
    values = xp.logaddexp(error, -error) - math.log(2)
    return reduce(xp.mean(values, axis=-1), sample_weight, mask, reduction)
