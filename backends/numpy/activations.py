"""The definitions of the activations."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array, constant


def linear(x: Array) -> Array:
    """``y = x``."""
    return x


def relu(
    x: Array,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Array:
    """Rectified linear unit, as the documentation of Keras's ``ReLU`` states it.

    ``max_value`` where ``x >= max_value``; ``x`` where ``threshold <= x < max_value``;
    ``negative_slope * (x - threshold)`` elsewhere, which is 0 without a slope.
    """
    damped = negative_slope * (x - threshold) if negative_slope else 0.0
    y = np.where(x < threshold, damped, x)
    return y if max_value is None else np.minimum(y, max_value)


def softmax(x: Array, *, axis: int = -1) -> Array:
    """``exp(x - max(x)) / sum(exp(x - max(x)))`` along ``axis``."""
    exponentials = np.exp(x - constant(np.max(x, axis=axis, keepdims=True)))
    return exponentials / np.sum(exponentials, axis=axis, keepdims=True)


def elu(x: Array, *, alpha: float = 1.0) -> Array:
    """``x`` where ``x > 0``, ``alpha * (exp(x) - 1)`` elsewhere (Clevert et al. 2016)."""
    return np.where(x > 0, x, alpha * np.expm1(x))
