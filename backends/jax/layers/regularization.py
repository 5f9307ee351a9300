"""JAX has no regularization layers; these are composed."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp

from etalon.backends.jax import regularizers

SELU_END = -1.7580993408473766
"""What selu tends to for large negative numbers."""


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


def spatial_dropout1d(
    x: jax.Array, *, rate: float, training: bool = False, seed: int = 0
) -> jax.Array:
    """composed: jax.random.bernoulli, jnp.where"""
    if not training:
        return x
    maps = (x.shape[0], 1, x.shape[2])
    kept = jax.random.bernoulli(jax.random.key(seed), 1 - rate, maps)
    return jnp.where(kept, x / (1 - rate), 0.0)


def spatial_dropout2d(
    x: jax.Array,
    *,
    rate: float,
    training: bool = False,
    data_format: str = "channels_last",
    seed: int = 0,
) -> jax.Array:
    """composed: jax.random.bernoulli, jnp.where"""
    if not training:
        return x
    first = data_format == "channels_first"
    maps = (*x.shape[:2], 1, 1) if first else (x.shape[0], 1, 1, x.shape[-1])
    kept = jax.random.bernoulli(jax.random.key(seed), 1 - rate, maps)
    return jnp.where(kept, x / (1 - rate), 0.0)


def spatial_dropout3d(
    x: jax.Array,
    *,
    rate: float,
    training: bool = False,
    data_format: str = "channels_last",
    seed: int = 0,
) -> jax.Array:
    """composed: jax.random.bernoulli, jnp.where"""
    if not training:
        return x
    first = data_format == "channels_first"
    maps = (*x.shape[:2], 1, 1, 1) if first else (x.shape[0], 1, 1, 1, x.shape[-1])
    kept = jax.random.bernoulli(jax.random.key(seed), 1 - rate, maps)
    return jnp.where(kept, x / (1 - rate), 0.0)


def alpha_dropout(x: jax.Array, *, rate: float, training: bool = False, seed: int = 0) -> jax.Array:
    """composed: jax.random.bernoulli, jnp.where"""
    if not training:
        return x
    kept = jax.random.bernoulli(jax.random.key(seed), 1 - rate, x.shape)
    a = 1 / math.sqrt((1 - rate) * (1 + rate * SELU_END**2))
    return a * jnp.where(kept, x, SELU_END) - a * SELU_END * rate


def gaussian_dropout(
    x: jax.Array, *, rate: float, training: bool = False, seed: int = 0
) -> jax.Array:
    """composed: jax.random.normal"""
    if not training:
        return x
    noise = jax.random.normal(jax.random.key(seed), x.shape, x.dtype)
    return x * (1 + math.sqrt(rate / (1 - rate)) * noise)


def gaussian_noise(
    x: jax.Array, *, stddev: float, training: bool = False, seed: int = 0
) -> jax.Array:
    """composed: jax.random.normal"""
    if not training:
        return x
    return x + stddev * jax.random.normal(jax.random.key(seed), x.shape, x.dtype)
