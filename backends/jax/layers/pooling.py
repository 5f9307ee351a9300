"""JAX's pooling: a reduction over windows, whose axes are all named, batch and channels too."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp

Lengths = int | Sequence[int]


def max_pooling1d(
    x: jax.Array,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> jax.Array:
    """native: jax.lax.reduce_window"""
    size, steps = _over_all_axes(1, pool_size, strides, data_format)
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, size, steps, padding.upper())


def max_pooling2d(
    x: jax.Array,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> jax.Array:
    """native: jax.lax.reduce_window"""
    size, steps = _over_all_axes(2, pool_size, strides, data_format)
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, size, steps, padding.upper())


def max_pooling3d(
    x: jax.Array,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> jax.Array:
    """native: jax.lax.reduce_window"""
    size, steps = _over_all_axes(3, pool_size, strides, data_format)
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, size, steps, padding.upper())


def average_pooling1d(
    x: jax.Array,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> jax.Array:
    """composed: jax.lax.reduce_window, jnp.ones_like"""
    size, steps = _over_all_axes(1, pool_size, strides, data_format)
    total = jax.lax.reduce_window(x, 0.0, jax.lax.add, size, steps, padding.upper())
    ones = jnp.ones_like(x)
    return total / jax.lax.reduce_window(ones, 0.0, jax.lax.add, size, steps, padding.upper())


def average_pooling2d(
    x: jax.Array,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> jax.Array:
    """composed: jax.lax.reduce_window, jnp.ones_like"""
    size, steps = _over_all_axes(2, pool_size, strides, data_format)
    total = jax.lax.reduce_window(x, 0.0, jax.lax.add, size, steps, padding.upper())
    ones = jnp.ones_like(x)
    return total / jax.lax.reduce_window(ones, 0.0, jax.lax.add, size, steps, padding.upper())


def average_pooling3d(
    x: jax.Array,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> jax.Array:
    """composed: jax.lax.reduce_window, jnp.ones_like"""
    size, steps = _over_all_axes(3, pool_size, strides, data_format)
    total = jax.lax.reduce_window(x, 0.0, jax.lax.add, size, steps, padding.upper())
    ones = jnp.ones_like(x)
    return total / jax.lax.reduce_window(ones, 0.0, jax.lax.add, size, steps, padding.upper())


def _over_all_axes(
    axes: int, pool_size: Lengths, strides: Lengths | None, data_format: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    def among(value: Lengths) -> tuple[int, ...]:
        each = (value,) * axes if isinstance(value, int) else value
        return (1, *each, 1) if data_format == "channels_last" else (1, 1, *each)

    return among(pool_size), among(pool_size if strides is None else strides)
