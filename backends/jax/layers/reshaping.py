"""JAX's ways to reshape an array."""

from __future__ import annotations

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp


def flatten(x: jax.Array, *, data_format: str = "channels_last") -> jax.Array:
    """native: jax.lax.collapse"""
    last = jnp.moveaxis(x, 1, -1) if data_format == "channels_first" else x
    return jax.lax.collapse(last, 1)


def reshape(x: jax.Array, *, target_shape: Sequence[int]) -> jax.Array:
    """native: jnp.reshape

    It can't tell what -1 stands for where there is no example.
    """
    known = math.prod(n for n in target_shape if n != -1)
    rest = math.prod(x.shape[1:]) // known
    return jnp.reshape(x, (x.shape[0], *(rest if n == -1 else n for n in target_shape)))


def permute(x: jax.Array, *, dims: Sequence[int]) -> jax.Array:
    """native: jnp.transpose"""
    return jnp.transpose(x, (0, *dims))


def repeat_vector(x: jax.Array, *, n: int) -> jax.Array:
    """composed: jnp.expand_dims, jnp.repeat"""
    return jnp.repeat(jnp.expand_dims(x, 1), n, axis=1)
