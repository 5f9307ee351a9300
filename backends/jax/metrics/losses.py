"""Metrics of JAX that are means of losses, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from etalon.backends.jax.losses import regression
from etalon.backends.jax.metrics.accuracy import weighted_mean

Batches = Sequence[tuple[jax.Array, ...]]


def mean_squared_error(batches: Batches) -> jax.Array:
    """composed: regression.mean_squared_error"""
    return mean(regression.mean_squared_error, batches)


def mean_absolute_error(batches: Batches) -> jax.Array:
    """composed: regression.mean_absolute_error"""
    return mean(regression.mean_absolute_error, batches)


def mean_absolute_percentage_error(batches: Batches) -> jax.Array:
    """composed: regression.mean_absolute_percentage_error"""
    return mean(regression.mean_absolute_percentage_error, batches)


def mean_squared_logarithmic_error(batches: Batches) -> jax.Array:
    """composed: regression.mean_squared_logarithmic_error"""
    return mean(regression.mean_squared_logarithmic_error, batches)


def log_cosh(batches: Batches) -> jax.Array:
    """composed: regression.log_cosh"""
    return mean(regression.log_cosh, batches)


def huber(batches: Batches, *, delta: float = 1.0) -> jax.Array:
    """composed: regression.huber"""
    return mean(regression.huber, batches, delta=delta)


def cosine_similarity(batches: Batches, *, axis: int = -1) -> jax.Array:
    """composed: regression.cosine_similarity"""
    return -mean(regression.cosine_similarity, batches, axis=axis)


def mean(loss: Callable[..., jax.Array], batches: Batches, **config: Any) -> jax.Array:
    """Return the weighted mean of a loss over the examples of all batches."""

    def of_examples(y_true: jax.Array, y_pred: jax.Array) -> jax.Array:
        values = loss(y_true, y_pred, **config)
        return jnp.mean(values, axis=tuple(range(1, values.ndim)))

    return weighted_mean(of_examples, batches)
