"""Keras's weights, masks and reductions."""

from __future__ import annotations

import math
from typing import Any

import array_api_strict as xp

Array = Any


def reduce(values: Array, sample_weight: Array | None, mask: Array | None, reduction: str) -> Array:
    """Weight the losses of the examples, then reduce them as Keras's ``Loss``."""
    weight = _weight(values, sample_weight, mask, reduction)
    if weight is not None:
        values = values * weight
    match reduction:
        case "none":
            return values
        case "sum":
            return xp.sum(values)
        case "mean_with_sample_weight" if weight is not None:
            total = xp.sum(weight)
            share = xp.sum(values) / xp.where(total == 0, 1.0, total)
            return xp.where(total == 0, 0.0, share)
    return xp.mean(values)


def _weight(
    values: Array, sample_weight: Array | None, mask: Array | None, reduction: str
) -> Array | None:
    if mask is None:
        return sample_weight
    counted = xp.astype(mask, values.dtype)
    if reduction == "sum_over_batch_size":
        counted = counted * (math.prod(mask.shape) / xp.maximum(xp.sum(counted), 1.0))
    return counted if sample_weight is None else sample_weight * counted
