"""The definitions of the regularization layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def dropout(x: Array, *, rate: float, training: bool = False, seed: int = 0) -> Array:
    """``x * kept / (1 - rate)`` in training, each element kept with probability ``1 - rate``."""
    if not training:
        return x
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    return np.where(kept, x / (1 - rate), np.zeros_like(x))
