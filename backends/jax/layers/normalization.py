"""JAX's normalization."""

from __future__ import annotations

import jax
import jax.numpy as jnp

FUZZ = 1e-7
"""What Keras adds to the number of what a mask keeps."""


def batch_normalization(
    x: jax.Array,
    gamma: jax.Array | None,
    beta: jax.Array | None,
    moving_mean: jax.Array,
    moving_variance: jax.Array,
    *,
    training: bool,
    mask: jax.Array | None = None,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """native: jax.nn.standardize

    The statistics, and moving them, are composed of jnp.mean and jnp.var, under a mask of jnp.sum.
    """
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = _moments(x, axis, mask)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    y = jax.nn.standardize(jnp.moveaxis(x, axis, -1), mean=mean, variance=variance, epsilon=epsilon)
    if scale and gamma is not None:
        y = y * gamma
    if center and beta is not None:
        y = y + beta
    return jnp.moveaxis(y, -1, axis), moving_mean, moving_variance


def batch_normalization_keras2(
    x: jax.Array,
    gamma: jax.Array | None,
    beta: jax.Array | None,
    moving_mean: jax.Array,
    moving_variance: jax.Array,
    *,
    training: bool,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """native: jax.nn.standardize

    The statistics, and moving them, are composed of jnp.mean and jnp.var.
    """
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = _moments(x, axis, None)
        count = x.size // x.shape[axis]
        larger = variance * (count / (count - (1 + epsilon)))
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * larger
    y = jax.nn.standardize(jnp.moveaxis(x, axis, -1), mean=mean, variance=variance, epsilon=epsilon)
    if scale and gamma is not None:
        y = y * gamma
    if center and beta is not None:
        y = y + beta
    return jnp.moveaxis(y, -1, axis), moving_mean, moving_variance


def _moments(x: jax.Array, axis: int, mask: jax.Array | None) -> tuple[jax.Array, jax.Array]:
    channels, others = jnp.moveaxis(x, axis, -1), tuple(range(x.ndim - 1))
    if mask is None:
        return jnp.mean(channels, axis=others), jnp.var(channels, axis=others)
    counted = jnp.moveaxis(jnp.broadcast_to(mask[..., None], x.shape), axis, -1)
    count = jnp.sum(counted, axis=others, dtype=x.dtype) + FUZZ
    mean = jnp.sum(channels, axis=others, where=counted) / count
    return mean, jnp.sum(jnp.square(channels - mean), axis=others, where=counted) / count
