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
