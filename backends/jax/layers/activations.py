"""JAX has no layers; the activation layers are functions of jax.nn."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from etalon.backends.jax import activations
from etalon.backends.jax.layers import core


def activation(x: jax.Array, *, activation: str | None = None) -> jax.Array:
    """composed: core.activate"""
    return core.activate(x, activation)


def elu(x: jax.Array, *, alpha: float = 1.0) -> jax.Array:
    """native: jax.nn.elu"""
    return jax.nn.elu(x, alpha)


def leaky_relu(x: jax.Array, *, negative_slope: float = 0.3) -> jax.Array:
    """native: jax.nn.leaky_relu"""
    return jax.nn.leaky_relu(x, negative_slope)


def prelu(
    x: jax.Array, alpha: jax.Array, *, shared_axes: Sequence[int] | int | None = None
) -> jax.Array:
    """native: jax.nn.leaky_relu

    It takes an array of slopes.
    """
    return jax.nn.leaky_relu(x, alpha)


def relu(
    x: jax.Array,
    *,
    max_value: float | None = None,
    negative_slope: float = 0.0,
    threshold: float = 0.0,
) -> jax.Array:
    """composed: activations.relu"""
    return activations.relu(
        x, negative_slope=negative_slope, max_value=max_value, threshold=threshold
    )


def softmax(
    x: jax.Array, *, mask: jax.Array | None = None, axis: int | Sequence[int] = -1
) -> jax.Array:
    """native: jax.nn.softmax"""
    return jax.nn.softmax(x, axis if isinstance(axis, int) else tuple(axis), where=mask)


def thresholded_relu(x: jax.Array, *, theta: float = 1.0) -> jax.Array:
    """composed: jnp.where"""
    return jnp.where(x <= theta, 0, x)
