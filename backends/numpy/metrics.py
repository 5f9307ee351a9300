"""The definitions of the metrics, over all batches at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etalon.backends.numpy import Array


def categorical_accuracy(batches: Sequence[tuple[Array, ...]]) -> Array:
    """Weighted share of examples whose largest prediction is at their largest label."""
    y_true, y_pred, *weights = (np.concatenate(part) for part in zip(*batches, strict=True))
    weight = weights[0] if weights else np.ones_like(y_pred[..., 0])
    right = np.argmax(y_true, axis=-1) == np.argmax(y_pred, axis=-1)
    total = np.sum(weight)
    return np.where(total == 0, 0.0, np.sum(np.where(right, weight, 0.0)) / total)
