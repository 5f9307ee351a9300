"""Accuracies of JAX, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp

Batches = Sequence[tuple[jax.Array, ...]]


def categorical_accuracy(batches: Batches) -> jax.Array:
    """composed: jnp.argmax, jnp.equal"""

    def right(y_true: jax.Array, y_pred: jax.Array) -> jax.Array:
        return jnp.equal(jnp.argmax(y_true, axis=-1), jnp.argmax(y_pred, axis=-1))

    return weighted_mean(right, batches)


def sparse_categorical_accuracy(batches: Batches) -> jax.Array:
    """composed: jnp.argmax, jnp.equal"""

    def right(y_true: jax.Array, y_pred: jax.Array) -> jax.Array:
        return jnp.equal(y_true, jnp.argmax(y_pred, axis=-1))

    return weighted_mean(right, batches)


def binary_accuracy(batches: Batches, *, threshold: float = 0.5) -> jax.Array:
    """composed: jnp.greater, jnp.equal, jnp.mean"""

    def right(y_true: jax.Array, y_pred: jax.Array) -> jax.Array:
        return jnp.mean(
            jnp.equal(jnp.greater(y_pred, threshold), y_true).astype(y_pred.dtype), axis=-1
        )

    return weighted_mean(right, batches)


def top_k_categorical_accuracy(batches: Batches, *, k: int = 5) -> jax.Array:
    """composed: jnp.argmax"""
    labelled = [(jnp.argmax(y_true, axis=-1), *rest) for y_true, *rest in batches]
    return sparse_top_k_categorical_accuracy(labelled, k=k)


def sparse_top_k_categorical_accuracy(batches: Batches, *, k: int = 5) -> jax.Array:
    """composed: jnp.take_along_axis, jnp.greater, jnp.sum"""

    def right(y_true: jax.Array, y_pred: jax.Array) -> jax.Array:
        own = jnp.take_along_axis(y_pred, y_true[:, None], axis=-1)
        larger = jnp.sum(jnp.greater(y_pred, own), axis=-1)
        return jnp.logical_and(larger < k, ~jnp.isnan(own[:, 0]))

    return weighted_mean(right, batches)


def binary_accuracy_keras2(batches: Batches) -> jax.Array:
    """composed: jnp.round, jnp.equal, jnp.mean"""

    def right(y_true: jax.Array, y_pred: jax.Array) -> jax.Array:
        return jnp.mean(jnp.equal(jnp.round(y_pred), y_true).astype(y_pred.dtype), axis=-1)

    return weighted_mean(right, batches)


def top_k_categorical_accuracy_keras2(batches: Batches, *, k: int = 5) -> jax.Array:
    """composed: jnp.argmax"""
    labelled = [(jnp.argmax(y_true, axis=-1), y_pred) for y_true, y_pred in batches]
    return sparse_top_k_categorical_accuracy(labelled, k=k)


def weighted_mean(
    right: Callable[[jax.Array, jax.Array], jax.Array], batches: Batches
) -> jax.Array:
    """Return the weighted mean of what is right (or how much of it) over all batches."""
    total = count = jnp.zeros((), batches[0][1].dtype)
    for y_true, y_pred, *weights in batches:
        shares = right(y_true, y_pred).astype(y_pred.dtype)
        weight = weights[0] if weights else jnp.ones_like(shares)
        total = total + jnp.sum(weight * shares)
        count = count + jnp.sum(weight)
    return jnp.where(count == 0, 0.0, total / count)
