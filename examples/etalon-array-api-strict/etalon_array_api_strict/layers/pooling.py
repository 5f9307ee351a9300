"""Pooling: the standard has none, so the places of a window are merged."""

from __future__ import annotations

from functools import reduce
from typing import Any

import array_api_strict as xp

from etalon_array_api_strict.layers.windows import (
    Lengths,
    as_given,
    channels_last,
    per_axis,
    windows,
)

Array = Any


def max_pooling1d(
    x: Array,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """composed: xp.maximum"""
    places = _places(x, 1, pool_size, strides, padding, data_format, -xp.inf)
    return as_given(reduce(xp.maximum, places), data_format)


def max_pooling2d(
    x: Array,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """composed: xp.maximum"""
    places = _places(x, 2, pool_size, strides, padding, data_format, -xp.inf)
    return as_given(reduce(xp.maximum, places), data_format)


def average_pooling1d(
    x: Array,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """composed: xp.add, xp.ones_like"""
    total, count = (
        reduce(xp.add, _places(a, 1, pool_size, strides, padding, data_format, 0.0))
        for a in (x, xp.ones_like(x))
    )
    return as_given(total / count, data_format)


def average_pooling2d(
    x: Array,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """composed: xp.add, xp.ones_like"""
    total, count = (
        reduce(xp.add, _places(a, 2, pool_size, strides, padding, data_format, 0.0))
        for a in (x, xp.ones_like(x))
    )
    return as_given(total / count, data_format)


def _places(
    x: Array,
    axes: int,
    pool_size: Lengths,
    strides: Lengths | None,
    padding: str,
    data_format: str,
    value: float,
) -> list[Array]:
    size = per_axis(pool_size, axes)
    steps = size if strides is None else per_axis(strides, axes)
    last = channels_last(x, data_format)
    return [place for _, place in windows(last, size, steps, (1,) * axes, padding, value)]
