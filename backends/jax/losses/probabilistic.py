"""JAX's losses of probabilities and logits."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax

from etalon.backends.jax.losses.reduction import reduce


def categorical_crossentropy(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
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
    return reduce(values, sample_weight, mask, reduction)
