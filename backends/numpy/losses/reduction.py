"""What becomes of the losses of the examples: weights, then a reduction."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def reduce(values: Array, sample_weight: Array | None, reduction: str) -> Array:
    """Weight the loss of each example, then reduce as Keras's ``Loss``; 0 where weights are."""
    if sample_weight is not None:
        values = values * sample_weight
    match reduction:
        case "none":
            return values
        case "sum":
            return np.sum(values)
        case "mean_with_sample_weight" if sample_weight is not None:
            total = np.sum(sample_weight)
            return np.where(total == 0, 0.0, np.sum(values) / total)
        case "sum_over_batch_size" | "mean" | "mean_with_sample_weight":
            return np.mean(values)
    raise ValueError(f"no reduction is called {reduction!r}")
