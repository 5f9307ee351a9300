"""The losses of Optax, with Keras's weights and reductions around them."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax


def mean_squared_error(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """native: optax.squared_error"""
    squares = optax.squared_error(y_pred, y_true)
    return _reduce(jnp.mean(squares, axis=-1), sample_weight, reduction)


def categorical_crossentropy(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> jax.Array:
    """native: optax.softmax_cross_entropy, optax.smooth_labels

    On probabilities, which the former does not take, the loss is composed of jnp.clip, jnp.log
    and jnp.sum.
    """
    target = optax.smooth_labels(y_true, label_smoothing, axis=axis)
    if from_logits:
        values = optax.softmax_cross_entropy(y_pred, target, axis)
    else:
        scaled = y_pred / jnp.sum(y_pred, axis=axis, keepdims=True)
        logs = jnp.log(jnp.clip(scaled, 1e-7, 1 - 1e-7))
        values = -jnp.sum(target * logs, axis=axis)
    return _reduce(values, sample_weight, reduction)


def _reduce(values: jax.Array, sample_weight: jax.Array | None, reduction: str) -> jax.Array:
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
