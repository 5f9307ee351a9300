"""Optax's gradient descent with momentum, and Adam and its kin."""

from __future__ import annotations

from typing import Any

import jax
import optax

from etalon.backends.jax.optimizers.stepping import Rate, path, times


def sgd(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
    **options: Any,
) -> jax.Array:
    """native: optax.sgd"""

    def make(rate: Rate) -> Any:
        return optax.sgd(rate, momentum or None, nesterov)

    return path(make, variable, gradients, learning_rate=learning_rate, **options)


def adam(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    **options: Any,
) -> jax.Array:
    """native: optax.adam, optax.amsgrad

    amsgrad can leave the bias of the second moment uncorrected. The correction is then a factor of
    the learning rate, as in Keras.
    """

    def make(rate: Rate) -> Any:
        if not amsgrad:
            return optax.adam(rate, beta_1, beta_2, epsilon)
        corrected = times(lambda count: (1 - beta_2 ** (count + 1)) ** 0.5, rate)
        return optax.amsgrad(corrected, beta_1, beta_2, epsilon, bias_correction_nu=False)

    return path(make, variable, gradients, learning_rate=learning_rate, **options)


def adamw(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    weight_decay: float = 0.004,
    **options: Any,
) -> jax.Array:
    """native: optax.adamw

    With amsgrad it is optax.amsgrad, which knows no weight decay, so that this is composed.
    """
    if amsgrad:
        options |= {"amsgrad": amsgrad, "weight_decay": weight_decay}
        options |= {"beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
        return adam(variable, gradients, learning_rate=learning_rate, **options)

    def make(rate: Rate) -> Any:
        return optax.adamw(rate, beta_1, beta_2, epsilon, weight_decay=weight_decay)

    return path(make, variable, gradients, learning_rate=learning_rate, **options)


def adamax(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    **options: Any,
) -> jax.Array:
    """native: optax.adamax

    It adds epsilon to each gradient's magnitude, Keras to the largest.
    """

    def make(rate: Rate) -> Any:
        return optax.adamax(rate, beta_1, beta_2, epsilon)

    return path(make, variable, gradients, learning_rate=learning_rate, **options)


def adamax_keras2(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.002,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> jax.Array:
    """native: optax.adamax

    It adds epsilon to each gradient's magnitude, Keras to the largest.
    """

    def make(rate: Rate) -> Any:
        return optax.adamax(rate, beta_1, beta_2, epsilon)

    return path(make, variable, gradients, learning_rate=learning_rate)


def nadam(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    **options: Any,
) -> jax.Array:
    """native: optax.nadam

    Its momentum is beta_1 in all steps, and has no schedule.
    """

    def make(rate: Rate) -> Any:
        return optax.nadam(rate, beta_1, beta_2, epsilon)

    return path(make, variable, gradients, learning_rate=learning_rate, **options)


def nadam_keras2(
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float = 0.002,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    schedule_decay: float = 0.004,
) -> jax.Array:
    """native: optax.nadam

    Its momentum is beta_1 in all steps, and has no schedule.
    """

    def make(rate: Rate) -> Any:
        return optax.nadam(rate, beta_1, beta_2, epsilon)

    return path(make, variable, gradients, learning_rate=learning_rate)
