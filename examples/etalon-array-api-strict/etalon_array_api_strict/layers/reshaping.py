"""Ways to reshape an array."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import array_api_strict as xp

Array = Any


def flatten(x: Array, *, data_format: str = "channels_last") -> Array:
    """composed: xp.moveaxis, xp.reshape"""
    last = xp.moveaxis(x, 1, -1) if data_format == "channels_first" else x
    return xp.reshape(last, (x.shape[0], math.prod(x.shape[1:])))


def reshape(x: Array, *, target_shape: Sequence[int]) -> Array:
    """native: xp.reshape

    It can't tell what -1 stands for where there is no example, so this is told.
    """
    known = math.prod(n for n in target_shape if n != -1)
    left = math.prod(x.shape[1:]) // known
    return xp.reshape(x, (x.shape[0], *(left if n == -1 else n for n in target_shape)))


def permute(x: Array, *, dims: Sequence[int]) -> Array:
    """native: xp.permute_dims"""
    return xp.permute_dims(x, (0, *dims))


def repeat_vector(x: Array, *, n: int) -> Array:
    """composed: xp.expand_dims, xp.tile"""
    return xp.tile(xp.expand_dims(x, axis=1), (1, n, 1))
