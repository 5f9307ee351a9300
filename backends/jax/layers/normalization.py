"""JAX's normalization."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def batch_normalization(
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
    channels = jnp.moveaxis(x, axis, -1)
    mean, variance = moving_mean, moving_variance
    if training:
        others = tuple(range(x.ndim - 1))
        mean, variance = jnp.mean(channels, axis=others), jnp.var(channels, axis=others)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    y = jax.nn.standardize(channels, mean=mean, variance=variance, epsilon=epsilon)
    if scale and gamma is not None:
        y = y * gamma
    if center and beta is not None:
        y = y + beta
    return jnp.moveaxis(y, -1, axis), moving_mean, moving_variance
