"""JAX has no masking layer; it is composed."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from etalon.backends.jax.layers import global_pooling


def masking(x: jax.Array, *, mask_value: float = 0.0) -> tuple[jax.Array, jax.Array, jax.Array]:
    """composed: jnp.not_equal, jnp.any, jnp.where, global_pooling.global_average_pooling1d"""
    mask = jnp.any(jnp.not_equal(x, mask_value), axis=-1)
    y = jnp.where(jnp.expand_dims(mask, -1), x, 0.0)
    return y, mask, global_pooling.global_average_pooling1d(y, mask=mask)
