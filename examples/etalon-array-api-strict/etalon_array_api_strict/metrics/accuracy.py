"""Accuracies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import array_api_strict as xp

Array = Any
Batches = Sequence[tuple[Array, ...]]


def categorical_accuracy(batches: Batches) -> Array:
    """composed: xp.argmax, xp.equal"""

    def right(y_true: Array, y_pred: Array) -> Array:
        return xp.equal(xp.argmax(y_true, axis=-1), xp.argmax(y_pred, axis=-1))

    return weighted_mean(right, batches)


def sparse_categorical_accuracy(batches: Batches) -> Array:
    """composed: xp.argmax, xp.equal"""

    def right(y_true: Array, y_pred: Array) -> Array:
        return xp.equal(y_true, xp.argmax(y_pred, axis=-1))

    return weighted_mean(right, batches)


def binary_accuracy(batches: Batches, *, threshold: float = 0.5) -> Array:
    """composed: xp.greater, xp.equal, xp.mean"""

    def right(y_true: Array, y_pred: Array) -> Array:
        above = xp.astype(xp.greater(y_pred, threshold), y_true.dtype)
        return xp.mean(xp.astype(xp.equal(above, y_true), y_pred.dtype), axis=-1)

    return weighted_mean(right, batches)


def weighted_mean(right: Callable[[Array, Array], Array], batches: Batches) -> Array:
    """Return the weighted mean of what is right (or how much of it) over all batches."""
    total = count = xp.zeros((), dtype=batches[0][1].dtype)
    for y_true, y_pred, *weights in batches:
        shares = xp.astype(right(y_true, y_pred), y_pred.dtype)
        weight = weights[0] if weights else xp.ones_like(shares)
        total = total + xp.sum(weight * shares)
        count = count + xp.sum(weight)
    return xp.where(count == 0, 0.0, total / count)
