"""JAX's initializers."""

from __future__ import annotations

from collections.abc import Sequence

import jax


def glorot_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> jax.Array:
    """native: jax.nn.initializers.glorot_normal"""
    return jax.nn.initializers.glorot_normal()(jax.random.key(seed), shape, dtype)


def orthogonal(
    shape: Sequence[int], *, dtype: str = "float32", seed: int, gain: float = 1.0
) -> jax.Array:
    """native: jax.nn.initializers.orthogonal"""
    return jax.nn.initializers.orthogonal(gain)(jax.random.key(seed), shape, dtype)
