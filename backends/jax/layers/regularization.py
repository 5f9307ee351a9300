"""JAX has no regularization layers; these are composed."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def dropout(x: jax.Array, *, rate: float, training: bool = False, seed: int = 0) -> jax.Array:
    """composed: jax.random.bernoulli, jnp.where"""
    if not training:
        return x
    kept = jax.random.bernoulli(jax.random.key(seed), 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)
