"""Keras's weights and reductions, in JAX."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def reduce(values: jax.Array, sample_weight: jax.Array | None, reduction: str) -> jax.Array:
    """Weight the losses of the examples, then reduce them as Keras's ``Loss``."""
    if sample_weight is not None:
        values = values * sample_weight
    match reduction:
        case "none":
            return values
        case "sum":
            return jnp.sum(values)
        case "mean_with_sample_weight" if sample_weight is not None:
            total = jnp.sum(sample_weight)
            share = jnp.sum(values) / jnp.where(total == 0, 1.0, total)
            return jnp.where(total == 0, 0.0, share)
    return jnp.mean(values)
