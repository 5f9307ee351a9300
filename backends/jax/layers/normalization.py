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


def layer_normalization(
    x: jax.Array,
    gamma: jax.Array | None = None,
    beta: jax.Array | None = None,
    *,
    axis: int | tuple[int, ...] = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> jax.Array:
    """native: jax.nn.standardize

    Its default algorithm loses the digits of a variance that is small beside the mean.
    """
    axes = _axes(axis, x.ndim)
    y = jax.nn.standardize(x, axis=axes, epsilon=epsilon, algorithm="stable")
    lengths = [n if place in axes else 1 for place, n in enumerate(x.shape)]
    y = y if gamma is None or not scale else y * gamma.reshape(lengths)
    return y if beta is None or not center else y + beta.reshape(lengths)


def rms_normalization(
    x: jax.Array,
    scale: jax.Array,
    *,
    axis: int | tuple[int, ...] = -1,
    epsilon: float = 1e-6,
) -> jax.Array:
    """composed: jnp.mean, jax.lax.rsqrt"""
    axes = _axes(axis, x.ndim)
    squares = jnp.mean(jnp.square(x), axis=axes, keepdims=True)
    lengths = [n if place in axes else 1 for place, n in enumerate(x.shape)]
    return x * jax.lax.rsqrt(squares + epsilon) * scale.reshape(lengths)


def group_normalization(
    x: jax.Array,
    gamma: jax.Array | None = None,
    beta: jax.Array | None = None,
    *,
    groups: int = 32,
    axis: int = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> jax.Array:
    """composed: jnp.reshape, jax.nn.standardize"""
    channels = jnp.moveaxis(x, axis, -1)
    count = channels.shape[-1] if groups == -1 else groups
    shape = (*channels.shape[:-1], count, channels.shape[-1] // count)
    grouped = jnp.reshape(channels, shape)
    others = (*range(1, x.ndim - 1), x.ndim)
    y = jax.nn.standardize(grouped, axis=others, epsilon=epsilon, algorithm="stable")
    y = jnp.reshape(y, channels.shape)
    y = y if gamma is None or not scale else y * gamma
    y = y if beta is None or not center else y + beta
    return jnp.moveaxis(y, -1, axis)


def _axes(axis: int | tuple[int, ...], ndim: int) -> tuple[int, ...]:
    """Return the axes, counted from the front."""
    named = (axis,) if isinstance(axis, int) else axis
    return tuple(each + ndim if each < 0 else each for each in named)


def _moments(x: jax.Array, axis: int, mask: jax.Array | None) -> tuple[jax.Array, jax.Array]:
    channels, others = jnp.moveaxis(x, axis, -1), tuple(range(x.ndim - 1))
    if mask is None:
        return jnp.mean(channels, axis=others), jnp.var(channels, axis=others)
    counted = jnp.moveaxis(jnp.broadcast_to(mask[..., None], x.shape), axis, -1)
    count = jnp.sum(counted, axis=others, dtype=x.dtype) + FUZZ
    mean = jnp.sum(channels, axis=others, where=counted) / count
    return mean, jnp.sum(jnp.square(channels - mean), axis=others, where=counted) / count
