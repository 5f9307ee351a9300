"""The definitions of the global pooling layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def global_max_pooling1d(
    x: Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> Array:
    """The largest number of each channel."""
    return np.max(x, axis=spatial(1, data_format), keepdims=keepdims)


def global_max_pooling2d(
    x: Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> Array:
    """The largest number of each channel."""
    return np.max(x, axis=spatial(2, data_format), keepdims=keepdims)


def global_max_pooling3d(
    x: Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> Array:
    """The largest number of each channel."""
    return np.max(x, axis=spatial(3, data_format), keepdims=keepdims)


def global_average_pooling1d(
    x: Array,
    *,
    mask: Array | None = None,
    data_format: str = "channels_last",
    keepdims: bool = False,
) -> Array:
    """The mean of each channel over the steps that ``mask`` keeps; NaN where it keeps none.

    The sum times the reciprocal of how many they are: of both ways to divide, it rounds more.
    """
    axes = spatial(1, data_format)
    if mask is None:
        return np.mean(x, axis=axes, keepdims=keepdims)
    counted = np.expand_dims(mask, -1 if data_format == "channels_last" else 1)
    kept, ones = np.where(counted, x, 0.0), np.where(counted, np.ones_like(x), 0.0)
    total, count = (np.sum(part, axis=axes, keepdims=keepdims) for part in (kept, ones))
    return total * (1 / count)


def global_average_pooling2d(
    x: Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> Array:
    """The mean of each channel."""
    return np.mean(x, axis=spatial(2, data_format), keepdims=keepdims)


def global_average_pooling3d(
    x: Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> Array:
    """The mean of each channel."""
    return np.mean(x, axis=spatial(3, data_format), keepdims=keepdims)


def spatial(axes: int, data_format: str) -> tuple[int, ...]:
    """Return the places of the spatial axes."""
    first = 1 if data_format == "channels_last" else 2
    return tuple(range(first, first + axes))
