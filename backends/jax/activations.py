"""JAX's activations."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def linear(x: jax.Array) -> jax.Array:
    """composed: nothing, y is x"""
    return x


def relu(
    x: jax.Array,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> jax.Array:
    """native: jax.nn.relu, jax.nn.leaky_relu

    They know no threshold and no maximum; jnp.where and jnp.minimum add these.
    """
    above = x - threshold
    y = jax.nn.leaky_relu(above, negative_slope) if negative_slope else jax.nn.relu(above)
    if threshold:
        y = jnp.where(x < threshold, y, x)
    return y if max_value is None else jnp.minimum(y, max_value)


def softmax(x: jax.Array, *, axis: int = -1) -> jax.Array:
    """native: jax.nn.softmax"""
    return jax.nn.softmax(x, axis)


def elu(x: jax.Array, *, alpha: float = 1.0) -> jax.Array:
    """native: jax.nn.elu"""
    return jax.nn.elu(x, alpha)
