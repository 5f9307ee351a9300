"""Initializers that draw nothing: the standard has no random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import array_api_strict as xp

Array = Any


def zeros(shape: Sequence[int], *, dtype: str = "float32") -> Array:
    """native: xp.zeros"""
    return xp.zeros(tuple(shape), dtype=getattr(xp, dtype))


def ones(shape: Sequence[int], *, dtype: str = "float32") -> Array:
    """native: xp.ones"""
    return xp.ones(tuple(shape), dtype=getattr(xp, dtype))


def constant(shape: Sequence[int], *, dtype: str = "float32", value: float = 0.0) -> Array:
    """native: xp.full"""
    return xp.full(tuple(shape), value, dtype=getattr(xp, dtype))


def identity(shape: Sequence[int], *, dtype: str = "float32", gain: float = 1.0) -> Array:
    """composed: xp.eye"""
    rows, columns = shape
    return gain * xp.eye(rows, columns, dtype=getattr(xp, dtype))
