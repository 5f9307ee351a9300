"""Optimizers that divide each gradient by the root mean square of those before."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def rmsprop(
    variable: Array,
    gradients: Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
) -> Array:
    """RMSprop with epsilon inside the root; centered, the root is of the variance."""
    path = [variable]
    a, mean, m = (np.zeros_like(variable) for _ in range(3))
    for gradient in gradients:
        a = rho * a + (1 - rho) * np.square(gradient)
        mean = rho * mean + (1 - rho) * gradient
        denominator = a - np.square(mean) + epsilon if centered else a + epsilon
        increment = learning_rate * gradient / np.sqrt(denominator)
        m = momentum * m + increment if momentum else increment
        path.append(path[-1] - m)
    return np.stack(path)


def rmsprop_keras2(
    variable: Array,
    gradients: Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> Array:
    """RMSprop with epsilon outside the root."""
    path, a = [variable], np.zeros_like(variable)
    for gradient in gradients:
        a = rho * a + (1 - rho) * np.square(gradient)
        path.append(path[-1] - learning_rate * gradient / (np.sqrt(a) + epsilon))
    return np.stack(path)


def adadelta(
    variable: Array,
    gradients: Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> Array:
    """Adadelta: steps as large as the root mean square of those before; Zeiler, algorithm 1."""
    path, a, b = [variable], np.zeros_like(variable), np.zeros_like(variable)
    for gradient in gradients:
        a = rho * a + (1 - rho) * np.square(gradient)
        step = np.sqrt(b + epsilon) / np.sqrt(a + epsilon) * gradient
        b = rho * b + (1 - rho) * np.square(step)
        path.append(path[-1] - learning_rate * step)
    return np.stack(path)


def adadelta_keras2(
    variable: Array,
    gradients: Array,
    *,
    learning_rate: float = 1.0,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> Array:
    """Adadelta with a learning rate of 1, the paper's."""
    return adadelta(variable, gradients, learning_rate=learning_rate, rho=rho, epsilon=epsilon)
