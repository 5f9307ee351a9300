"""JAX's ways to merge arrays."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp


def concatenate(x: Sequence[jax.Array], *, axis: int = -1) -> jax.Array:
    """native: jnp.concatenate"""
    return jnp.concatenate(x, axis)
