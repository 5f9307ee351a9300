"""JAX's global pooling: reductions over the spatial axes."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def global_max_pooling1d(
    x: jax.Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> jax.Array:
    """native: jnp.max"""
    return jnp.max(x, axis=_spatial(1, data_format), keepdims=keepdims)


def global_max_pooling2d(
    x: jax.Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> jax.Array:
    """native: jnp.max"""
    return jnp.max(x, axis=_spatial(2, data_format), keepdims=keepdims)


def global_max_pooling3d(
    x: jax.Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> jax.Array:
    """native: jnp.max"""
    return jnp.max(x, axis=_spatial(3, data_format), keepdims=keepdims)


def global_average_pooling1d(
    x: jax.Array,
    *,
    mask: jax.Array | None = None,
    data_format: str = "channels_last",
    keepdims: bool = False,
) -> jax.Array:
    """native: jnp.mean"""
    axes = _spatial(1, data_format)
    if mask is None:
        return jnp.mean(x, axis=axes, keepdims=keepdims)
    counted = jnp.expand_dims(mask, -1 if data_format == "channels_last" else 1)
    return jnp.mean(x, axis=axes, keepdims=keepdims, where=counted)


def global_average_pooling2d(
    x: jax.Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> jax.Array:
    """native: jnp.mean"""
    return jnp.mean(x, axis=_spatial(2, data_format), keepdims=keepdims)


def global_average_pooling3d(
    x: jax.Array, *, data_format: str = "channels_last", keepdims: bool = False
) -> jax.Array:
    """native: jnp.mean"""
    return jnp.mean(x, axis=_spatial(3, data_format), keepdims=keepdims)


def _spatial(axes: int, data_format: str) -> tuple[int, ...]:
    first = 1 if data_format == "channels_last" else 2
    return tuple(range(first, first + axes))
