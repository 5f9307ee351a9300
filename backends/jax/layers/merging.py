"""JAX's ways to merge arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import jax
import jax.numpy as jnp


def concatenate(x: Sequence[jax.Array], *, axis: int = -1) -> jax.Array:
    """native: jnp.concatenate"""
    return jnp.concatenate(x, axis)


def add(x: Sequence[jax.Array]) -> jax.Array:
    """native: jnp.add"""
    return reduce(jnp.add, x)


def subtract(x: Sequence[jax.Array]) -> jax.Array:
    """native: jnp.subtract"""
    first, second = x
    return jnp.subtract(first, second)


def multiply(x: Sequence[jax.Array]) -> jax.Array:
    """native: jnp.multiply"""
    return reduce(jnp.multiply, x)


def average(x: Sequence[jax.Array]) -> jax.Array:
    """composed: jnp.add"""
    return reduce(jnp.add, x) / len(x)


def maximum(x: Sequence[jax.Array]) -> jax.Array:
    """native: jnp.maximum"""
    return reduce(jnp.maximum, x)


def minimum(x: Sequence[jax.Array]) -> jax.Array:
    """native: jnp.minimum"""
    return reduce(jnp.minimum, x)


def dot(x: Sequence[jax.Array], *, axes: int | Sequence[int], normalize: bool = False) -> jax.Array:
    """native: jax.lax.dot_general

    Normalization is composed of jnp.sum, jnp.maximum and jax.lax.rsqrt.
    """
    pair = (axes, axes) if isinstance(axes, int) else axes
    first, second = (
        _normalized(a, axis) if normalize else a for a, axis in zip(x, pair, strict=True)
    )
    summed = ([pair[0] % first.ndim], [pair[1] % second.ndim])
    y = jax.lax.dot_general(first, second, (summed, ([0], [0])))
    return y if y.ndim > 1 else jnp.expand_dims(y, 1)


def _normalized(x: jax.Array, axis: int) -> jax.Array:
    squares = jnp.sum(jnp.square(x), axis=axis, keepdims=True)
    return x * jax.lax.rsqrt(jnp.maximum(squares, 1e-14))
