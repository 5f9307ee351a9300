"""JAX has no regularizers; these are composed."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def l2(w: jax.Array, *, l2: float = 0.01) -> jax.Array:
    """composed: jnp.square, jnp.sum"""
    return l2 * jnp.sum(jnp.square(w))
