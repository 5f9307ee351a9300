"""JAX's initializers."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp


def glorot_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> jax.Array:
    """native: jax.nn.initializers.glorot_normal"""
    return jax.nn.initializers.glorot_normal()(jax.random.key(seed), shape, dtype)


def orthogonal(
    shape: Sequence[int], *, dtype: str = "float32", seed: int, gain: float = 1.0
) -> jax.Array:
    """native: jax.nn.initializers.orthogonal"""
    return jax.nn.initializers.orthogonal(gain)(jax.random.key(seed), shape, dtype)


def glorot_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> jax.Array:
    """native: jax.nn.initializers.glorot_uniform"""
    return jax.nn.initializers.glorot_uniform()(jax.random.key(seed), shape, dtype)


def he_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> jax.Array:
    """native: jax.nn.initializers.he_normal"""
    return jax.nn.initializers.he_normal()(jax.random.key(seed), shape, dtype)


def he_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> jax.Array:
    """native: jax.nn.initializers.he_uniform"""
    return jax.nn.initializers.he_uniform()(jax.random.key(seed), shape, dtype)


def lecun_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> jax.Array:
    """native: jax.nn.initializers.lecun_normal"""
    return jax.nn.initializers.lecun_normal()(jax.random.key(seed), shape, dtype)


def lecun_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> jax.Array:
    """native: jax.nn.initializers.lecun_uniform"""
    return jax.nn.initializers.lecun_uniform()(jax.random.key(seed), shape, dtype)


def variance_scaling(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
) -> jax.Array:
    """native: jax.nn.initializers.variance_scaling"""
    named = "normal" if distribution == "untruncated_normal" else distribution
    draw = jax.nn.initializers.variance_scaling(scale, mode, named)
    return draw(jax.random.key(seed), shape, dtype)


def random_normal(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> jax.Array:
    """native: jax.nn.initializers.normal"""
    return mean + jax.nn.initializers.normal(stddev)(jax.random.key(seed), shape, dtype)


def truncated_normal(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> jax.Array:
    """native: jax.random.truncated_normal"""
    return mean + stddev * jax.random.truncated_normal(jax.random.key(seed), -2, 2, shape, dtype)


def random_uniform(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    minval: float = -0.05,
    maxval: float = 0.05,
) -> jax.Array:
    """native: jax.random.uniform"""
    return jax.random.uniform(jax.random.key(seed), shape, dtype, minval, maxval)


def zeros(shape: Sequence[int], *, dtype: str = "float32") -> jax.Array:
    """native: jax.nn.initializers.zeros"""
    return jax.nn.initializers.zeros(jax.random.key(0), shape, dtype)


def ones(shape: Sequence[int], *, dtype: str = "float32") -> jax.Array:
    """native: jax.nn.initializers.ones"""
    return jax.nn.initializers.ones(jax.random.key(0), shape, dtype)


def constant(shape: Sequence[int], *, dtype: str = "float32", value: float = 0.0) -> jax.Array:
    """native: jax.nn.initializers.constant"""
    return jax.nn.initializers.constant(value)(jax.random.key(0), shape, dtype)


def identity(shape: Sequence[int], *, dtype: str = "float32", gain: float = 1.0) -> jax.Array:
    """native: jnp.eye"""
    rows, columns = shape
    return gain * jnp.eye(rows, columns, dtype=dtype)


def identity_keras2(
    shape: Sequence[int], *, dtype: str = "float32", gain: float = 1.0
) -> jax.Array:
    """composed: jnp.eye, jnp.tile"""
    rows, columns = shape
    short = min(shape)
    if max(shape) % short:
        raise ValueError(f"the long side has to be a multiple of the short side, got {shape}")
    return gain * jnp.tile(jnp.eye(short, dtype=dtype), (rows // short, columns // short))
