"""Global pooling: reductions over the spatial axes."""

from __future__ import annotations

from typing import Any

import array_api_strict as xp

Array = Any


def global_max_pooling1d(
    x: Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> Array:
    """native: xp.max"""
    return xp.max(x, axis=_spatial(1, data_format), keepdims=keepdims)


def global_max_pooling2d(
    x: Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> Array:
    """native: xp.max"""
    return xp.max(x, axis=_spatial(2, data_format), keepdims=keepdims)


def global_average_pooling2d(
    x: Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> Array:
    """native: xp.mean"""
    return xp.mean(x, axis=_spatial(2, data_format), keepdims=keepdims)


def _spatial(axes: int, data_format: str) -> tuple[int, ...]:
    first = 1 if data_format == "channels_last" else 2
    return tuple(range(first, first + axes))
