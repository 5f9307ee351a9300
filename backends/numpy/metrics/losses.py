"""The definitions of the metrics that are means of losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.losses import regression
from etalon.backends.numpy.metrics.accuracy import joined

Batches = Sequence[tuple[Array, ...]]


def mean_squared_error(batches: Batches) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(regression.mean_squared_error, batches)


def mean_absolute_error(batches: Batches) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(regression.mean_absolute_error, batches)


def mean_absolute_percentage_error(batches: Batches) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(regression.mean_absolute_percentage_error, batches)


def mean_squared_logarithmic_error(batches: Batches) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(regression.mean_squared_logarithmic_error, batches)


def log_cosh(batches: Batches) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(regression.log_cosh, batches)


def huber(batches: Batches, *, delta: float = 1.0) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(regression.huber, batches, delta=delta)


def cosine_similarity(batches: Batches, *, axis: int = -1) -> Array:
    """Weighted mean of the cosine similarity, which is the loss of that name without its sign."""
    return -weighted_mean(regression.cosine_similarity, batches, axis=axis)


def weighted_mean(loss: Callable[..., Array], batches: Batches, **config: Any) -> Array:
    """Return the weighted mean of a loss over all examples, and 0 where there is no weight.

    The loss of an example is the mean over the axes that it has beside that of the batch.
    """
    y_true, y_pred, weight = joined(batches)
    values, total = loss(y_true, y_pred, **config), np.sum(weight)
    if values.ndim > 1:
        values = np.mean(np.reshape(values, (len(values), -1)), axis=-1)
    return np.where(total == 0, 0.0, np.sum(weight * values) / total)
