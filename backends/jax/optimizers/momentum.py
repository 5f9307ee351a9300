"""Optax's gradient descent with momentum, and Adam."""

from __future__ import annotations

import jax
import optax

from etalon.backends.jax.optimizers.stepping import path


def sgd(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> jax.Array:
    """native: optax.sgd"""
    return path(optax.sgd(learning_rate, momentum or None, nesterov), variable, gradients)


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
    return path(optax.adam(learning_rate, beta_1, beta_2, epsilon), variable, gradients)
