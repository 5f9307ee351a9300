"""JAX's padding and slices."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp


def cropping1d(x: jax.Array, *, cropping: Any = (1, 1)) -> jax.Array:
    """native: jax.lax.slice"""
    around = _around(cropping, 1, "channels_last")
    ends = [n - after for n, (_, after) in zip(x.shape, around, strict=True)]
    return jax.lax.slice(x, [before for before, _ in around], ends)


def cropping2d(
    x: jax.Array, *, cropping: Any = ((0, 0), (0, 0)), data_format: str = "channels_last"
) -> jax.Array:
    """native: jax.lax.slice"""
    around = _around(cropping, 2, data_format)
    ends = [n - after for n, (_, after) in zip(x.shape, around, strict=True)]
    return jax.lax.slice(x, [before for before, _ in around], ends)


def cropping3d(
    x: jax.Array, *, cropping: Any = ((1, 1), (1, 1), (1, 1)), data_format: str = "channels_last"
) -> jax.Array:
    """native: jax.lax.slice"""
    around = _around(cropping, 3, data_format)
    ends = [n - after for n, (_, after) in zip(x.shape, around, strict=True)]
    return jax.lax.slice(x, [before for before, _ in around], ends)


def zero_padding1d(x: jax.Array, *, padding: Any = 1) -> jax.Array:
    """native: jnp.pad"""
    return jnp.pad(x, _around(padding, 1, "channels_last"))


def zero_padding2d(
    x: jax.Array, *, padding: Any = (1, 1), data_format: str = "channels_last"
) -> jax.Array:
    """native: jnp.pad"""
    return jnp.pad(x, _around(padding, 2, data_format))


def zero_padding3d(
    x: jax.Array, *, padding: Any = (1, 1, 1), data_format: str = "channels_last"
) -> jax.Array:
    """native: jnp.pad"""
    return jnp.pad(x, _around(padding, 3, data_format))


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
