"""JAX has no layers; the core ones are composed."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from etalon.backends.jax import activations


def dense(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    units: int | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """composed: jnp.matmul, jnp.add"""
    y = jnp.matmul(x, kernel)
    if use_bias and bias is not None:
        y = jnp.add(y, bias)
    return activate(y, activation)


def activate(y: jax.Array, activation: str | None) -> jax.Array:
    """Apply an activation by its name; ``None`` is linear."""
    return getattr(activations, activation or "linear")(y)
