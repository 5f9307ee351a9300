"""Losses of numbers that are predicted as such."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.losses.reduction import reduce


def mean_squared_error(
    y_true: Array,
    y_pred: Array,
    *,
    sample_weight: Array | None = None,
    mask: Array | None = None,
    reduction: str = "none",
) -> Array:
    """``mean((y_true - y_pred) ** 2)`` over the last axis, then weighted and reduced."""
    return reduce(np.mean(np.square(y_true - y_pred), axis=-1), sample_weight, mask, reduction)
