"""JAX's losses of numbers."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax

from etalon.backends.jax.losses.reduction import reduce


def mean_squared_error(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """native: optax.squared_error"""
    squares = optax.squared_error(y_pred, y_true)
    return reduce(jnp.mean(squares, axis=-1), sample_weight, mask, reduction)


def mean_absolute_error(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """composed: jnp.abs, jnp.mean"""
    return reduce(jnp.mean(jnp.abs(y_true - y_pred), axis=-1), sample_weight, mask, reduction)


def mean_absolute_percentage_error(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """composed: jnp.abs, jnp.maximum, jnp.mean"""
    errors = jnp.abs((y_true - y_pred) / jnp.maximum(jnp.abs(y_true), 1e-7))
    return reduce(100 * jnp.mean(errors, axis=-1), sample_weight, mask, reduction)


def mean_squared_logarithmic_error(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """composed: jnp.maximum, jnp.log1p, optax.squared_error"""
    logs = [jnp.log1p(jnp.maximum(y, 1e-7)) for y in (y_pred, y_true)]
    squares = optax.squared_error(*logs)
    return reduce(jnp.mean(squares, axis=-1), sample_weight, mask, reduction)


def log_cosh(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """native: optax.log_cosh"""
    values = optax.log_cosh(y_pred, y_true)
    return reduce(jnp.mean(values, axis=-1), sample_weight, mask, reduction)


def huber(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
    delta: float = 1.0,
) -> jax.Array:
    """native: optax.huber_loss"""
    values = optax.huber_loss(y_pred, y_true, delta=delta)
    return reduce(jnp.mean(values, axis=-1), sample_weight, mask, reduction)


def cosine_similarity(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
    axis: int = -1,
) -> jax.Array:
    """native: optax.cosine_similarity"""
    values = -optax.cosine_similarity(y_pred, y_true, epsilon=1e-14, axis=axis)
    return reduce(values, sample_weight, mask, reduction)
