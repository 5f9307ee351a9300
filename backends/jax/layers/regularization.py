"""JAX has no regularization layers; these are composed."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from etalon.backends.jax import regularizers


def activity_regularization(
    x: jax.Array, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[jax.Array, jax.Array]:
    """composed: regularizers.l1_l2"""
    return x, regularizers.l1_l2(x, l1=l1, l2=l2, role="activity")


def activity_regularization_keras2(
    x: jax.Array, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[jax.Array, jax.Array]:
    """composed: regularizers.l1_l2_keras2"""
    return x, regularizers.l1_l2_keras2(x, l1=l1, l2=l2)


def dropout(x: jax.Array, *, rate: float, training: bool = False, seed: int = 0) -> jax.Array:
    """composed: jax.random.bernoulli, jnp.where"""
    if not training:
        return x
    kept = jax.random.bernoulli(jax.random.key(seed), 1 - rate, x.shape)
    return jnp.where(kept, x / (1 - rate), 0.0)
