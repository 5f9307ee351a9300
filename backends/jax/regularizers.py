"""JAX has norms, but no regularizers."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def l1(w: jax.Array, *, l1: float = 0.01, role: str = "kernel") -> jax.Array:
    """native: jnp.linalg.vector_norm"""
    return _weighed(l1 * jnp.linalg.vector_norm(w, ord=1), w, role)


def l2(w: jax.Array, *, l2: float = 0.01, role: str = "kernel") -> jax.Array:
    """composed: jnp.square, jnp.sum"""
    return _weighed(l2 * jnp.sum(jnp.square(w)), w, role)


def l1_l2(w: jax.Array, *, l1: float = 0.0, l2: float = 0.0, role: str = "kernel") -> jax.Array:
    """composed: jnp.linalg.vector_norm, jnp.square, jnp.sum"""
    penalty = jnp.zeros((), w.dtype)
    if l1:
        penalty = penalty + l1 * jnp.linalg.vector_norm(w, ord=1)
    if l2:
        penalty = penalty + l2 * jnp.sum(jnp.square(w))
    return _weighed(penalty, w, role)


def l1_keras2(w: jax.Array, *, l1: float = 0.01, role: str = "kernel") -> jax.Array:
    """composed: jnp.abs, jnp.sum"""
    return jnp.sum(l1 * jnp.abs(w))


def l2_keras2(w: jax.Array, *, l2: float = 0.01, role: str = "kernel") -> jax.Array:
    """composed: jnp.square, jnp.sum"""
    return jnp.sum(l2 * jnp.square(w))


def l1_l2_keras2(
    w: jax.Array, *, l1: float = 0.01, l2: float = 0.01, role: str = "kernel"
) -> jax.Array:
    """composed: jnp.abs, jnp.square, jnp.sum"""
    penalty = jnp.zeros((), w.dtype)
    if l1:
        penalty = penalty + jnp.sum(l1 * jnp.abs(w))
    if l2:
        penalty = penalty + jnp.sum(l2 * jnp.square(w))
    return penalty


def _weighed(penalty: jax.Array, w: jax.Array, role: str) -> jax.Array:
    """Divide the penalty of an activity by the number of examples."""
    return penalty / max(len(w), 1) if role == "activity" else penalty
