"""Optax's optimizers that divide by the root mean square of gradients."""

from __future__ import annotations

import jax
import optax

from etalon.backends.jax.optimizers.stepping import path


def rmsprop(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
) -> jax.Array:
    """native: optax.rmsprop"""
    optimizer = optax.rmsprop(
        learning_rate, rho, epsilon, centered=centered, momentum=momentum or None
    )
    return path(optimizer, variable, gradients)


def rmsprop_keras2(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> jax.Array:
    """native: optax.rmsprop"""
    optimizer = optax.rmsprop(learning_rate, rho, epsilon, eps_in_sqrt=False)
    return path(optimizer, variable, gradients)


def adadelta(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> jax.Array:
    """native: optax.adadelta"""
    return path(optax.adadelta(learning_rate, rho, epsilon), variable, gradients)


def adadelta_keras2(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 1.0,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> jax.Array:
    """native: optax.adadelta"""
    return path(optax.adadelta(learning_rate, rho, epsilon), variable, gradients)
