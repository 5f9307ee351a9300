"""The definitions of the accuracies, over all batches at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from etalon.backends.numpy import Array, special

Batches = Sequence[tuple[Array, ...]]


def categorical_accuracy(batches: Batches) -> Array:
    """Weighted share of examples whose largest prediction is at their largest label."""
    y_true, y_pred, weight = joined(batches)
    return share(np.argmax(y_true, axis=-1) == np.argmax(y_pred, axis=-1), weight, batches)


def sparse_categorical_accuracy(batches: Batches) -> Array:
    """Weighted share of examples whose largest prediction is that of their label."""
    y_true, y_pred, weight = joined(batches)
    return share(y_true == np.argmax(y_pred, axis=-1), weight, batches)


def binary_accuracy(batches: Batches, *, threshold: float = 0.5) -> Array:
    """Weighted mean, over the examples, of the share of labels that are ``y_pred > threshold``."""
    y_true, y_pred, weight = joined(batches)
    return share_of_labels(y_true == np.where(y_pred > threshold, 1.0, 0.0), weight, batches)


def top_k_categorical_accuracy(batches: Batches, *, k: int = 5) -> Array:
    """Weighted share of examples whose largest label is among the k largest predictions."""
    y_true, y_pred, weight = joined(batches)
    return share(in_top_k(np.argmax(y_true, axis=-1), y_pred, k), weight, batches)


def sparse_top_k_categorical_accuracy(batches: Batches, *, k: int = 5) -> Array:
    """Weighted share of examples whose label is among the k largest predictions."""
    y_true, y_pred, weight = joined(batches)
    return share(in_top_k(y_true, y_pred, k), weight, batches)


def binary_accuracy_keras2(batches: Batches) -> Array:
    """Mean, over the examples, of the share of labels that are ``round(y_pred)``."""
    y_true, y_pred, weight = joined(batches)
    return share_of_labels(y_true == rounded(y_pred), weight, batches)


def top_k_categorical_accuracy_keras2(batches: Batches, *, k: int = 5) -> Array:
    """Share of examples whose largest label is among the k largest predictions."""
    return top_k_categorical_accuracy(batches, k=k)


def joined(batches: Batches) -> tuple[Array, Array, Array]:
    """Return the labels, predictions and weights of all batches; weights are 1 by default."""
    y_true, y_pred, *weights = (np.concatenate(part) for part in zip(*batches, strict=True))
    first = np.reshape(y_pred, (len(y_pred), -1))[:, 0]
    return y_true, y_pred, weights[0] if weights else np.ones_like(first)


def tally(numbers: Array, batches: Batches) -> Array:
    """Return the sum of a number of each example: of each batch, then of what these are stored as.

    So a metric keeps it, whose state is updated batch by batch.
    """
    ends = [0, *np.cumsum([len(batch[0]) for batch in batches])]
    return special.added([np.sum(numbers[start:end]) for start, end in pairwise(ends)])


def share(right: Array, weight: Array, batches: Batches) -> Array:
    """Return the weight of what is right over all weight, and 0 where there is none."""
    total = tally(weight, batches)
    return np.where(total == 0, 0.0, tally(np.where(right, weight, 0.0), batches) / total)


def share_of_labels(right: Array, weight: Array, batches: Batches) -> Array:
    """Return the same of examples with several labels, of which each counts for its part."""
    total, each = tally(weight, batches), np.expand_dims(weight, -1)
    parts = np.mean(np.where(right, each, 0.0), axis=-1)
    return np.where(total == 0, 0.0, tally(parts, batches) / total)


def in_top_k(label: Array, y_pred: Array, k: int) -> Array:
    """Return whether fewer than k predictions are larger than that of the label, if it has one."""
    place = np.arange(y_pred.shape[-1]) == np.expand_dims(label, -1)
    own = np.max(np.where(place, y_pred, -np.inf), axis=-1)
    larger = np.sum(np.where(y_pred > np.expand_dims(own, -1), 1.0, 0.0), axis=-1)
    return np.where(own == own, larger, k) < k


def rounded(p: Array) -> Array:
    """Return 0 and 1 where ``p`` rounds to them, halves to even; elsewhere another number."""
    return np.where(p > 0.5, np.where(p < 1.5, 1.0, 2.0), np.where(p >= -0.5, 0.0, -1.0))
