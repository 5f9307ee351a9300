"""Optax's optimizers that divide by the root of a sum or mean of squares."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax

from etalon.backends.jax.optimizers.stepping import Rate, path, stepped


def adagrad(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-7,
    **options: Any,
) -> jax.Array:
    """native: optax.adagrad"""

    def make(rate: Rate) -> Any:
        return optax.adagrad(rate, initial_accumulator_value, epsilon)

    return path(make, variable, gradients, learning_rate=learning_rate, **options)


def adagrad_keras2(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.01,
    epsilon: float = 1e-7,
) -> jax.Array:
    """composed: jnp.square, jnp.sqrt

    optax.adagrad adds epsilon inside the root.
    """

    def step(value: jax.Array, a: jax.Array, g: jax.Array) -> tuple[jax.Array, jax.Array]:
        a = a + jnp.square(g)
        return value - learning_rate * g / (jnp.sqrt(a) + epsilon), a

    return stepped(step, variable, jnp.zeros_like(variable), gradients)


def rmsprop(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
    **options: Any,
) -> jax.Array:
    """native: optax.rmsprop"""

    def make(rate: Rate) -> Any:
        return optax.rmsprop(rate, rho, epsilon, centered=centered, momentum=momentum or None)

    return path(make, variable, gradients, learning_rate=learning_rate, **options)


def rmsprop_keras2(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> jax.Array:
    """native: optax.rmsprop"""

    def make(rate: Rate) -> Any:
        return optax.rmsprop(rate, rho, epsilon, eps_in_sqrt=False)

    return path(make, variable, gradients, learning_rate=learning_rate)


def adadelta(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.95,
    epsilon: float = 1e-7,
    **options: Any,
) -> jax.Array:
    """native: optax.adadelta"""

    def make(rate: Rate) -> Any:
        return optax.adadelta(rate, rho, epsilon)

    return path(make, variable, gradients, learning_rate=learning_rate, **options)


def adadelta_keras2(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 1.0,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> jax.Array:
    """native: optax.adadelta"""

    def make(rate: Rate) -> Any:
        return optax.adadelta(rate, rho, epsilon)

    return path(make, variable, gradients, learning_rate=learning_rate)
