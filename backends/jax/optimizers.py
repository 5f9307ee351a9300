"""The optimizers of Optax, stepped through given gradients."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax


def sgd(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> jax.Array:
    """native: optax.sgd"""
    return _path(optax.sgd(learning_rate, momentum or None, nesterov), variable, gradients)


def adam(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> jax.Array:
    """native: optax.adam"""
    return _path(optax.adam(learning_rate, beta_1, beta_2, epsilon), variable, gradients)


def _path(optimizer: Any, variable: jax.Array, gradients: jax.Array) -> jax.Array:
    path, state = [variable], optimizer.init(variable)
    for gradient in gradients:
        updates, state = optimizer.update(gradient, state, path[-1])
        path.append(optax.apply_updates(path[-1], updates))
    return jnp.stack(path)
