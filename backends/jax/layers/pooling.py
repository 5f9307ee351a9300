"""JAX's pooling: a reduction over windows, whose axes are all named, batch and channels too."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp


def max_pooling2d(
    x: jax.Array,
    *,
    pool_size: int | Sequence[int] = (2, 2),
    strides: int | Sequence[int] | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> jax.Array:
    """native: jax.lax.reduce_window"""
    size = _over_all_axes(pool_size, data_format)
    steps = size if strides is None else _over_all_axes(strides, data_format)
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, size, steps, padding.upper())


def _over_all_axes(value: int | Sequence[int], data_format: str) -> tuple[int, ...]:
    pair = (value, value) if isinstance(value, int) else value
    return (1, *pair, 1) if data_format == "channels_last" else (1, 1, *pair)
