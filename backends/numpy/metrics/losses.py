"""The definitions of the metrics that are means of losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.losses import hinge as margins
from etalon.backends.numpy.losses import probabilistic, regression
from etalon.backends.numpy.metrics.accuracy import joined, tally

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


def binary_crossentropy(
    batches: Batches, *, from_logits: bool = False, label_smoothing: float = 0.0
) -> Array:
    """Weighted mean of the loss of that name."""
    options = {"from_logits": from_logits, "label_smoothing": label_smoothing}
    return weighted_mean(probabilistic.binary_crossentropy, batches, **options)


def categorical_crossentropy(
    batches: Batches, *, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Array:
    """Weighted mean of the loss of that name."""
    options = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
    return weighted_mean(probabilistic.categorical_crossentropy, batches, **options)


def sparse_categorical_crossentropy(
    batches: Batches, *, from_logits: bool = False, ignore_class: int | None = None, axis: int = -1
) -> Array:
    """Weighted mean of the loss of that name, over what is not of the ignored class."""
    loss = partial(
        probabilistic.sparse_categorical_crossentropy,
        from_logits=from_logits,
        ignore_class=ignore_class,
        axis=axis,
    )
    if ignore_class is None:
        return weighted_mean(loss, batches)
    y_true, y_pred, weight = joined(batches)
    each = np.reshape(weight, (-1, *[1] * (y_true.ndim - 1)))
    counted = np.where(y_true != ignore_class, each, 0.0)
    total = np.mean(counted)
    return np.where(total == 0, 0.0, np.mean(counted * loss(y_true, y_pred)) / total)


def kl_divergence(batches: Batches) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(probabilistic.kl_divergence, batches)


def poisson(batches: Batches) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(probabilistic.poisson, batches)


def hinge(batches: Batches) -> Array:
    """Weighted mean of the loss of that name, each batch by itself: it decides what labels mean."""
    return weighted_mean(margins.hinge_keras2, of_signs(batches))


def squared_hinge(batches: Batches) -> Array:
    """Weighted mean of the loss of that name, each batch by itself: it decides what labels mean."""
    return weighted_mean(margins.squared_hinge_keras2, of_signs(batches))


def categorical_hinge(batches: Batches) -> Array:
    """Weighted mean of the loss of that name."""
    return weighted_mean(margins.categorical_hinge, batches)


def of_signs(batches: Batches) -> Batches:
    """Return the batches, each with labels of -1 and 1 if it had none but 0 and 1."""
    return [(margins.signs(y_true), *others) for y_true, *others in batches]


def weighted_mean(loss: Callable[..., Array], batches: Batches, **config: Any) -> Array:
    """Return the weighted mean of a loss over all examples, and 0 where there is no weight.

    The loss of an example is the mean over the axes that it has beside that of the batch.
    """
    y_true, y_pred, weight = joined(batches)
    values, total = loss(y_true, y_pred, **config), tally(weight, batches)
    if values.ndim > 1:
        values = np.mean(np.reshape(values, (len(values), -1)), axis=-1)
    return np.where(total == 0, 0.0, tally(weight * values, batches) / total)
