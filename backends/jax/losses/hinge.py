"""JAX's losses of margins."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax

from etalon.backends.jax.losses.reduction import reduce


def hinge(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """native: optax.hinge_loss"""
    terms = optax.hinge_loss(y_pred, _signs(y_true))
    return reduce(jnp.mean(terms, axis=-1), sample_weight, mask, reduction)


def hinge_keras2(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """native: optax.hinge_loss"""
    terms = optax.hinge_loss(y_pred, y_true)
    return reduce(jnp.mean(terms, axis=-1), sample_weight, mask, reduction)


def squared_hinge(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """native: optax.hinge_loss

    jnp.square squares it.
    """
    terms = jnp.square(optax.hinge_loss(y_pred, _signs(y_true)))
    return reduce(jnp.mean(terms, axis=-1), sample_weight, mask, reduction)


def squared_hinge_keras2(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """native: optax.hinge_loss

    jnp.square squares it.
    """
    terms = jnp.square(optax.hinge_loss(y_pred, y_true))
    return reduce(jnp.mean(terms, axis=-1), sample_weight, mask, reduction)


def categorical_hinge(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """composed: jnp.max, jnp.sum, jnp.maximum"""
    own = jnp.sum(y_true * y_pred, axis=-1)
    others = jnp.max((1 - y_true) * y_pred, axis=-1)
    return reduce(jnp.maximum(others - own + 1, 0), sample_weight, mask, reduction)


def _signs(y_true: jax.Array) -> jax.Array:
    binary = jnp.all((y_true == 0) | (y_true == 1))
    return jnp.where(binary, 2 * y_true - 1, y_true)
