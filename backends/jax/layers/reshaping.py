"""JAX's ways to reshape an array."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def flatten(x: jax.Array, *, data_format: str = "channels_last") -> jax.Array:
    """native: jax.lax.collapse"""
    last = jnp.moveaxis(x, 1, -1) if data_format == "channels_first" else x
    return jax.lax.collapse(last, 1)
