"""Ways to merge arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import array_api_strict as xp

Array = Any


def concatenate(x: Sequence[Array], *, axis: int = -1) -> Array:
    """native: xp.concat"""
    return xp.concat(list(x), axis=axis)


def add(x: Sequence[Array]) -> Array:
    """native: xp.add"""
    return reduce(xp.add, x)


def subtract(x: Sequence[Array]) -> Array:
    """native: xp.subtract"""
    first, second = x
    return xp.subtract(first, second)


def multiply(x: Sequence[Array]) -> Array:
    """native: xp.multiply"""
    return reduce(xp.multiply, x)


def average(x: Sequence[Array]) -> Array:
    """composed: xp.broadcast_arrays, xp.stack, xp.mean"""
    return xp.mean(xp.stack(xp.broadcast_arrays(*x)), axis=0)


def maximum(x: Sequence[Array]) -> Array:
    """native: xp.maximum"""
    return reduce(xp.maximum, x)


def minimum(x: Sequence[Array]) -> Array:
    """native: xp.minimum"""
    return reduce(xp.minimum, x)
