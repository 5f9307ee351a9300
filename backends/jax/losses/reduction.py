"""Keras's weights, masks and reductions, in JAX."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def reduce(
    values: jax.Array, sample_weight: jax.Array | None, mask: jax.Array | None, reduction: str
) -> jax.Array:
    """Weight the losses of the examples, then reduce them as Keras's ``Loss``."""
    weight = _weight(values, sample_weight, mask, reduction)
    if weight is not None:
        values = values * weight
    match reduction:
        case "none":
            return values
        case "sum":
            return jnp.sum(values)
        case "mean_with_sample_weight" if weight is not None:
            total = jnp.sum(weight)
            share = jnp.sum(values) / jnp.where(total == 0, 1.0, total)
            return jnp.where(total == 0, 0.0, share)
    return jnp.mean(values)


def _weight(
    values: jax.Array, sample_weight: jax.Array | None, mask: jax.Array | None, reduction: str
) -> jax.Array | None:
    if mask is None:
        return sample_weight
    counted = mask.astype(values.dtype)
    if reduction == "sum_over_batch_size":
        counted = counted * (mask.size / jnp.maximum(jnp.sum(counted), 1))
    return counted if sample_weight is None else sample_weight * counted
