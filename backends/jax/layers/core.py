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


def embedding(
    x: jax.Array,
    embeddings: jax.Array,
    *,
    input_dim: int | None = None,
    output_dim: int | None = None,
) -> jax.Array:
    """native: jnp.take"""
    return jnp.take(embeddings, x, axis=0)


def einsum_dense(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    equation: str,
    output_shape: tuple[int, ...] | None = None,
    activation: str | None = None,
    bias_axes: str | None = None,
) -> jax.Array:
    """native: jnp.einsum"""
    y = jnp.einsum(equation, x, kernel)
    return activate(y if bias_axes is None else y + bias, activation)


def activate(y: jax.Array, activation: str | None) -> jax.Array:
    """Apply an activation by its name; ``None`` is linear."""
    return getattr(activations, activation or "linear")(y)
