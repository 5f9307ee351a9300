"""Metrics of PyTorch that are means of losses, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch

from etalon.backends.torch.losses import hinge as margins
from etalon.backends.torch.losses import probabilistic, regression
from etalon.backends.torch.metrics.accuracy import weighted_mean

Batches = Sequence[tuple[torch.Tensor, ...]]


def mean_squared_error(batches: Batches) -> torch.Tensor:
    """composed: regression.mean_squared_error"""
    return mean(regression.mean_squared_error, batches)


def mean_absolute_error(batches: Batches) -> torch.Tensor:
    """composed: regression.mean_absolute_error"""
    return mean(regression.mean_absolute_error, batches)


def mean_absolute_percentage_error(batches: Batches) -> torch.Tensor:
    """composed: regression.mean_absolute_percentage_error"""
    return mean(regression.mean_absolute_percentage_error, batches)


def mean_squared_logarithmic_error(batches: Batches) -> torch.Tensor:
    """composed: regression.mean_squared_logarithmic_error"""
    return mean(regression.mean_squared_logarithmic_error, batches)


def log_cosh(batches: Batches) -> torch.Tensor:
    """composed: regression.log_cosh"""
    return mean(regression.log_cosh, batches)


def huber(batches: Batches, *, delta: float = 1.0) -> torch.Tensor:
    """composed: regression.huber"""
    return mean(regression.huber, batches, delta=delta)


def cosine_similarity(batches: Batches, *, axis: int = -1) -> torch.Tensor:
    """composed: regression.cosine_similarity"""
    return -mean(regression.cosine_similarity, batches, axis=axis)


def binary_crossentropy(
    batches: Batches, *, from_logits: bool = False, label_smoothing: float = 0.0
) -> torch.Tensor:
    """composed: probabilistic.binary_crossentropy"""
    options = {"from_logits": from_logits, "label_smoothing": label_smoothing}
    return mean(probabilistic.binary_crossentropy, batches, **options)


def categorical_crossentropy(
    batches: Batches, *, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> torch.Tensor:
    """composed: probabilistic.categorical_crossentropy"""
    options = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
    return mean(probabilistic.categorical_crossentropy, batches, **options)


def sparse_categorical_crossentropy(
    batches: Batches, *, from_logits: bool = False, ignore_class: int | None = None, axis: int = -1
) -> torch.Tensor:
    """composed: probabilistic.sparse_categorical_crossentropy"""
    loss = partial(
        probabilistic.sparse_categorical_crossentropy,
        from_logits=from_logits,
        ignore_class=ignore_class,
        axis=axis,
    )
    if ignore_class is None:
        return mean(loss, batches)
    return weighted_mean(loss, [without_class(batch, ignore_class) for batch in batches])


def kl_divergence(batches: Batches) -> torch.Tensor:
    """composed: probabilistic.kl_divergence"""
    return mean(probabilistic.kl_divergence, batches)


def poisson(batches: Batches) -> torch.Tensor:
    """composed: probabilistic.poisson"""
    return mean(probabilistic.poisson, batches)


def hinge(batches: Batches) -> torch.Tensor:
    """composed: margins.hinge"""
    return mean(margins.hinge, batches)


def squared_hinge(batches: Batches) -> torch.Tensor:
    """composed: margins.squared_hinge"""
    return mean(margins.squared_hinge, batches)


def categorical_hinge(batches: Batches) -> torch.Tensor:
    """composed: margins.categorical_hinge"""
    return mean(margins.categorical_hinge, batches)


def without_class(batch: tuple[torch.Tensor, ...], ignore_class: int) -> tuple[torch.Tensor, ...]:
    """Return a batch with a weight for each label, which is 0 for those of a class."""
    y_true, y_pred, *weights = batch
    counted = (y_true != ignore_class).to(y_pred.dtype)
    if not weights:
        return y_true, y_pred, counted
    return y_true, y_pred, counted * torch.reshape(weights[0], (-1, *[1] * (y_true.ndim - 1)))


def mean(loss: Callable[..., torch.Tensor], batches: Batches, **config: Any) -> torch.Tensor:
    """Return the weighted mean of a loss over the examples of all batches."""

    def of_examples(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
        values = loss(y_true, y_pred, **config)
        return torch.mean(values, dim=tuple(range(1, values.ndim))) if values.ndim > 1 else values

    return weighted_mean(of_examples, batches)
