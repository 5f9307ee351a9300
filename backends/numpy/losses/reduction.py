"""What becomes of the losses of the examples: weights, then a reduction."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def reduce(values: Array, sample_weight: Array | None, mask: Array | None, reduction: str) -> Array:
    """Weight the loss of each example, then reduce as Keras's ``Loss``; 0 where weights are."""
    weight = weights(values, sample_weight, mask, reduction)
    if weight is not None:
        values = values * weight
    match reduction:
        case "none":
            return values
        case "sum":
            return np.sum(values)
        case "mean_with_sample_weight" if weight is not None:
            total = np.sum(weight)
            return np.where(total == 0, 0.0, np.sum(values) / total)
        case "sum_over_batch_size" | "mean" | "mean_with_sample_weight":
            return np.mean(values)
    raise ValueError(f"no reduction is called {reduction!r}")


def weights(
    values: Array, sample_weight: Array | None, mask: Array | None, reduction: str
) -> Array | None:
    """Return how much each example counts: masked ones not at all.

    In a mean over the batch the others count more, so that it is the mean over them alone.
    """
    if mask is None:
        return sample_weight
    counted = np.where(mask, np.ones_like(values), 0.0)
    if reduction in ("sum_over_batch_size", "mean"):
        counted = counted * mask.size / max(int(np.sum(mask)), 1)
    return counted if sample_weight is None else sample_weight * counted
