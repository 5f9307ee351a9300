"""The definitions of the pooling layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.windows import (
    Lengths,
    as_given,
    channels_last,
    per_axis,
    windows,
)


def max_pooling1d(
    x: Array,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """The largest number of each window; ``same`` pads with minus infinity."""
    return largest(x, 1, pool_size, strides, padding, data_format)


def max_pooling2d(
    x: Array,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """The largest number of each window; ``same`` pads with minus infinity."""
    return largest(x, 2, pool_size, strides, padding, data_format)


def max_pooling3d(
    x: Array,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """The largest number of each window; ``same`` pads with minus infinity."""
    return largest(x, 3, pool_size, strides, padding, data_format)


def average_pooling1d(
    x: Array,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """The mean of the numbers of each window, those of ``same`` padding left out."""
    return mean(x, 1, pool_size, strides, padding, data_format)


def average_pooling2d(
    x: Array,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """The mean of the numbers of each window, those of ``same`` padding left out."""
    return mean(x, 2, pool_size, strides, padding, data_format)


def average_pooling3d(
    x: Array,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """The mean of the numbers of each window, those of ``same`` padding left out."""
    return mean(x, 3, pool_size, strides, padding, data_format)


def largest(
    x: Array,
    axes: int,
    pool_size: Lengths,
    strides: Lengths | None,
    padding: str,
    data_format: str,
) -> Array:
    """Return the largest number of each window over so many spatial axes."""
    size = per_axis(pool_size, axes)
    steps = size if strides is None else per_axis(strides, axes)
    seen = windows(channels_last(x, data_format), size, steps, padding, (1,) * axes, fill=-np.inf)
    return as_given(np.max(seen, axis=tuple(range(-axes, 0))), data_format)


def mean(
    x: Array,
    axes: int,
    pool_size: Lengths,
    strides: Lengths | None,
    padding: str,
    data_format: str,
) -> Array:
    """Return the mean of the numbers of each window, as far as it lies in ``x``."""
    size = per_axis(pool_size, axes)
    steps = size if strides is None else per_axis(strides, axes)
    last = channels_last(x, data_format)
    seen = windows(last, size, steps, padding, (1,) * axes, fill=0.0)
    inside = windows(np.ones(last.shape), size, steps, padding, (1,) * axes, fill=0.0) == 1
    return as_given(np.mean(seen, axis=tuple(range(-axes, 0)), where=inside), data_format)
