"""Repetition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import array_api_strict as xp

Array = Any


def up_sampling1d(x: Array, *, size: int = 2) -> Array:
    """native: xp.repeat"""
    return xp.repeat(x, size, axis=1)


def up_sampling3d(
    x: Array, *, size: int | Sequence[int] = (2, 2, 2), data_format: str = "channels_last"
) -> Array:
    """native: xp.repeat"""
    counts = (size,) * 3 if isinstance(size, int) else size
    for axis, count in enumerate(counts, start=1 if data_format == "channels_last" else 2):
        x = xp.repeat(x, count, axis=axis)
    return x
