"""The definitions of the activation layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etalon.backends.numpy import Array, activations
from etalon.backends.numpy.layers.core import activate


def activation(x: Array, *, activation: str | None = None) -> Array:
    """``activation(x)``."""
    return activate(x, activation)


def elu(x: Array, *, alpha: float = 1.0) -> Array:
    """``x`` where ``x > 0``, ``alpha * (exp(x) - 1)`` elsewhere (Clevert et al. 2016)."""
    return activations.elu(x, alpha=alpha)


def leaky_relu(x: Array, *, negative_slope: float = 0.3) -> Array:
    """``x`` where ``x >= 0``, ``negative_slope * x`` elsewhere."""
    return activations.leaky_relu(x, negative_slope=negative_slope)


def prelu(x: Array, alpha: Array, *, shared_axes: Sequence[int] | int | None = None) -> Array:
    """``x`` where ``x >= 0``, ``alpha * x`` elsewhere; alpha is one example's (He et al. 2015)."""
    return np.where(x < 0, alpha * x, x)


def relu(
    x: Array,
    *,
    max_value: float | None = None,
    negative_slope: float = 0.0,
    threshold: float = 0.0,
) -> Array:
    """Rectified linear unit, as ``activations/relu``."""
    return activations.relu(
        x, negative_slope=negative_slope, max_value=max_value, threshold=threshold
    )


def softmax(x: Array, *, mask: Array | None = None, axis: int | Sequence[int] = -1) -> Array:
    """Softmax over what ``mask`` keeps, as ``activations/softmax``; 0 elsewhere."""
    axes = axis if isinstance(axis, int) else tuple(axis)
    if mask is None:
        return activations.softmax(x, axis=axes)
    return np.where(mask, activations.softmax(np.where(mask, x, -np.inf), axis=axes), 0.0)


def thresholded_relu(x: Array, *, theta: float = 1.0) -> Array:
    """``x`` where ``x > theta``, 0 elsewhere."""
    return np.where(x <= theta, 0.0, x)
