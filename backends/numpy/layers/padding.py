"""The definitions of cropping and zero padding."""

from __future__ import annotations

from typing import Any

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.windows import as_given, channels_last
from etalon.spec.shape_functions import margins


def cropping1d(x: Array, *, cropping: Any = (1, 1)) -> Array:
    """All but what ``cropping`` names at both ends of each spatial axis."""
    return cropped(x, cropping, 1, "channels_last")


def cropping2d(
    x: Array, *, cropping: Any = ((0, 0), (0, 0)), data_format: str = "channels_last"
) -> Array:
    """All but what ``cropping`` names at both ends of each spatial axis."""
    return cropped(x, cropping, 2, data_format)


def cropping3d(
    x: Array, *, cropping: Any = ((1, 1), (1, 1), (1, 1)), data_format: str = "channels_last"
) -> Array:
    """All but what ``cropping`` names at both ends of each spatial axis."""
    return cropped(x, cropping, 3, data_format)


def zero_padding1d(x: Array, *, padding: Any = 1) -> Array:
    """The input with zeros added at both ends of each spatial axis."""
    return padded(x, padding, 1, "channels_last")


def zero_padding2d(x: Array, *, padding: Any = (1, 1), data_format: str = "channels_last") -> Array:
    """The input with zeros added at both ends of each spatial axis."""
    return padded(x, padding, 2, data_format)


def zero_padding3d(
    x: Array, *, padding: Any = (1, 1, 1), data_format: str = "channels_last"
) -> Array:
    """The input with zeros added at both ends of each spatial axis."""
    return padded(x, padding, 3, data_format)


def cropped(x: Array, cropping: Any, axes: int, data_format: str) -> Array:
    """Return the middle of ``x`` along so many spatial axes."""
    last = channels_last(x, data_format)
    pairs = zip(margins(cropping, axes), last.shape[1:-1], strict=True)
    middle = [slice(before, n - after) for (before, after), n in pairs]
    return as_given(last[(slice(None), *middle)], data_format)


def padded(x: Array, padding: Any, axes: int, data_format: str) -> Array:
    """Return ``x`` with zeros around it along so many spatial axes."""
    last = channels_last(x, data_format)
    return as_given(np.pad(last, ((0, 0), *margins(padding, axes), (0, 0))), data_format)
