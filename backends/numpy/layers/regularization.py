"""The definitions of the regularization layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array, regularizers


def activity_regularization(x: Array, *, l1: float = 0.0, l2: float = 0.0) -> tuple[Array, Array]:
    """The input itself, and what is added to the loss: the mean penalty of the examples."""
    return x, regularizers.l1_l2(x, l1=l1, l2=l2, role="activity")


def activity_regularization_keras2(
    x: Array, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[Array, Array]:
    """The input itself, and what is added to the loss: the sum of the examples' penalties."""
    return x, regularizers.l1_l2_keras2(x, l1=l1, l2=l2)


def dropout(x: Array, *, rate: float, training: bool = False, seed: int = 0) -> Array:
    """``x * kept / (1 - rate)`` in training, each element kept with probability ``1 - rate``."""
    if not training:
        return x
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    return np.where(kept, x / (1 - rate), np.zeros_like(x))
