"""Padding, which the standard has not, and cropping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import array_api_strict as xp

Array = Any


def cropping1d(x: Array, *, cropping: Any = (1, 1)) -> Array:
    """composed: cropped"""
    return cropped(x, _around(cropping, 1, "channels_last"))


def cropping2d(
    x: Array, *, cropping: Any = ((0, 0), (0, 0)), data_format: str = "channels_last"
) -> Array:
    """composed: cropped"""
    return cropped(x, _around(cropping, 2, data_format))


def cropping3d(
    x: Array, *, cropping: Any = ((1, 1), (1, 1), (1, 1)), data_format: str = "channels_last"
) -> Array:
    """composed: cropped"""
    return cropped(x, _around(cropping, 3, data_format))


def zero_padding1d(x: Array, *, padding: Any = 1) -> Array:
    """composed: padded"""
    return padded(x, _around(padding, 1, "channels_last"))


def zero_padding2d(x: Array, *, padding: Any = (1, 1), data_format: str = "channels_last") -> Array:
    """composed: padded"""
    return padded(x, _around(padding, 2, data_format))


def zero_padding3d(
    x: Array, *, padding: Any = (1, 1, 1), data_format: str = "channels_last"
) -> Array:
    """composed: padded"""
    return padded(x, _around(padding, 3, data_format))


def padded(x: Array, around: Sequence[tuple[int, int]], value: float = 0.0) -> Array:
    """Put so many numbers before and after along every axis."""
    for axis, (before, after) in enumerate(around):
        ends = [
            xp.full((*x.shape[:axis], n, *x.shape[axis + 1 :]), value, dtype=x.dtype)
            for n in (before, after)
        ]
        x = xp.concat([ends[0], x, ends[1]], axis=axis)
    return x


def cropped(x: Array, around: Sequence[tuple[int, int]]) -> Array:
    """Cut so many numbers off before and after along every axis."""
    sizes = zip(x.shape, around, strict=True)
    return x[tuple(slice(before, n - after) for n, (before, after) in sizes)]


def _around(value: Any, axes: int, data_format: str) -> list[tuple[int, int]]:
    """Return what to cut off or add before and after along every axis of the input."""
    if isinstance(value, int):
        pairs = [(value, value)] * axes
    elif axes == 1:
        pairs = [(value[0], value[1])]
    else:
        pairs = [(each, each) if isinstance(each, int) else (each[0], each[1]) for each in value]
    first = [(0, 0)] if data_format == "channels_last" else [(0, 0), (0, 0)]
    return [*first, *pairs, *([(0, 0)] if data_format == "channels_last" else [])]
