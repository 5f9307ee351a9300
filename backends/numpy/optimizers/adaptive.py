"""The definitions of the optimizers that divide by the root of a sum or mean of squares."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.optimizers.stepping import Changes, keras2_optimizer, optimizer


@optimizer(learning_rate=0.001)
def adagrad(
    gradients: Array,
    rates: Array,
    *,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-7,
) -> Changes:
    """Adagrad with epsilon inside the root; Duchi, Hazan & Singer, figure 1."""
    a = np.full_like(gradients[0], initial_accumulator_value)
    for gradient, rate in zip(gradients, rates, strict=True):
        a = a + np.square(gradient)
        yield -rate * gradient / np.sqrt(a + epsilon)


@keras2_optimizer(learning_rate=0.01)
def adagrad_keras2(gradients: Array, rates: Array, *, epsilon: float = 1e-7) -> Changes:
    """Adagrad with epsilon outside the root, from nothing."""
    a = np.zeros_like(gradients[0])
    for gradient, rate in zip(gradients, rates, strict=True):
        a = a + np.square(gradient)
        yield -rate * gradient / (np.sqrt(a) + epsilon)


@optimizer(learning_rate=0.001)
def rmsprop(
    gradients: Array,
    rates: Array,
    *,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
) -> Changes:
    """RMSprop with epsilon inside the root; centered, the root is of the variance."""
    a = mean = m = np.zeros_like(gradients[0])
    for gradient, rate in zip(gradients, rates, strict=True):
        a = rho * a + (1 - rho) * np.square(gradient)
        mean = rho * mean + (1 - rho) * gradient
        denominator = a - np.square(mean) + epsilon if centered else a + epsilon
        increment = rate * gradient / np.sqrt(denominator)
        m = momentum * m + increment if momentum else increment
        yield -m


@keras2_optimizer(learning_rate=0.001)
def rmsprop_keras2(
    gradients: Array, rates: Array, *, rho: float = 0.9, epsilon: float = 1e-7
) -> Changes:
    """RMSprop with epsilon outside the root."""
    a = np.zeros_like(gradients[0])
    for gradient, rate in zip(gradients, rates, strict=True):
        a = rho * a + (1 - rho) * np.square(gradient)
        yield -rate * gradient / (np.sqrt(a) + epsilon)


@optimizer(learning_rate=0.001)
def adadelta(
    gradients: Array, rates: Array, *, rho: float = 0.95, epsilon: float = 1e-7
) -> Changes:
    """Adadelta: steps as large as the root mean square of those before; Zeiler, algorithm 1."""
    return _by_updates(gradients, rates, rho, epsilon)


@keras2_optimizer(learning_rate=1.0)
def adadelta_keras2(
    gradients: Array, rates: Array, *, rho: float = 0.95, epsilon: float = 1e-7
) -> Changes:
    """Adadelta with a learning rate of 1, the paper's."""
    return _by_updates(gradients, rates, rho, epsilon)


def _by_updates(gradients: Array, rates: Array, rho: float, epsilon: float) -> Changes:
    a = b = np.zeros_like(gradients[0])
    for gradient, rate in zip(gradients, rates, strict=True):
        a = rho * a + (1 - rho) * np.square(gradient)
        update = np.sqrt(b + epsilon) / np.sqrt(a + epsilon) * gradient
        b = rho * b + (1 - rho) * np.square(update)
        yield -rate * update
