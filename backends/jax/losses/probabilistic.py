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


def binary_crossentropy(
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
    """native: optax.sigmoid_binary_cross_entropy

    On probabilities, which it does not take, the loss is composed of jnp.clip and jnp.log.
    """
    target = y_true * (1 - label_smoothing) + label_smoothing / 2
    if from_logits:
        values = optax.sigmoid_binary_cross_entropy(y_pred, target)
    else:
        kept = jnp.clip(y_pred, 1e-7, 1 - 1e-7)
        values = -(target * jnp.log(kept) + (1 - target) * jnp.log(1 - kept))
    return reduce(jnp.mean(values, axis=axis), sample_weight, mask, reduction)


def sparse_categorical_crossentropy(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> jax.Array:
    """native: optax.softmax_cross_entropy_with_integer_labels

    On probabilities, which it does not take, the loss is composed of jnp.clip, jnp.log and
    jnp.take_along_axis.
    """
    counted = None if ignore_class is None else y_true != ignore_class
    labels = y_true if counted is None else jnp.where(counted, y_true, 0)
    if from_logits:
        values = optax.softmax_cross_entropy_with_integer_labels(y_pred, labels, axis)
    else:
        scaled = y_pred / jnp.sum(y_pred, axis=axis, keepdims=True)
        logs = jnp.log(jnp.clip(scaled, 1e-7, 1 - 1e-7))
        places = jnp.expand_dims(labels, axis)
        values = -jnp.squeeze(jnp.take_along_axis(logs, places, axis=axis), axis)
    if counted is not None:
        values = jnp.where(counted, values, 0)
        mask = counted if mask is None else mask & counted
    return reduce(values, sample_weight, mask, reduction)


def kl_divergence(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """native: optax.losses.kl_divergence

    It takes the logarithms of predictions, and clips nothing.
    """
    logs = jnp.log(jnp.clip(y_pred, 1e-7, 1))
    values = optax.losses.kl_divergence(logs, jnp.clip(y_true, 1e-7, 1))
    return reduce(values, sample_weight, mask, reduction)


def poisson(
    y_true: jax.Array,
    y_pred: jax.Array,
    *,
    sample_weight: jax.Array | None = None,
    mask: jax.Array | None = None,
    reduction: str = "none",
) -> jax.Array:
    """composed: jnp.log, jnp.mean"""
    values = jnp.mean(y_pred - y_true * jnp.log(y_pred + 1e-7), axis=-1)
    return reduce(values, sample_weight, mask, reduction)
