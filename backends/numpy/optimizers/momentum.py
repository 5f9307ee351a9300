"""The definitions of the optimizers: the path of a variable under given gradients."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def sgd(
    variable: Array,
    gradients: Array,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> Array:
    """Gradient descent with (Nesterov) momentum; returns ``(steps + 1, *shape)``."""
    path, m = [variable], np.zeros_like(variable)
    for gradient in gradients:
        descent = -learning_rate * gradient
        m = momentum * m + descent if momentum else descent
        terms = [momentum * m, descent] if momentum and nesterov else [m]
        path.append(np.sum(np.stack([path[-1], *terms]), axis=0))
    return np.stack(path)


def adam(
    variable: Array,
    gradients: Array,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> Array:
    """Adam with epsilon outside the bias correction: "epsilon hat" of Kingma & Ba, section 2."""
    path = [variable]
    m, v = np.zeros_like(variable), np.zeros_like(variable)
    for t, gradient in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * gradient
        v = beta_2 * v + (1 - beta_2) * np.square(gradient)
        rate = learning_rate * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
        path.append(path[-1] - rate * m / (np.sqrt(v) + epsilon))
    return np.stack(path)
