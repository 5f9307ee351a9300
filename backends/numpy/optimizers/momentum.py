"""The definitions of gradient descent, Adam and its kin: what each step adds to the variable."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.optimizers.stepping import Changes, keras2_optimizer, optimizer


@optimizer(learning_rate=0.01)
def sgd(
    gradients: Array, rates: Array, *, momentum: float = 0.0, nesterov: bool = False
) -> Changes:
    """Gradient descent with (Nesterov) momentum; returns ``(steps + 1, *shape)``."""
    m = np.zeros_like(gradients[0])
    for gradient, rate in zip(gradients, rates, strict=True):
        descent = -rate * gradient
        m = momentum * m + descent if momentum else descent
        yield (momentum * m, descent) if momentum and nesterov else m


@optimizer(learning_rate=0.001)
def adam(
    gradients: Array,
    rates: Array,
    *,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
) -> Changes:
    """Adam with epsilon outside the bias correction: "epsilon hat" of Kingma & Ba, section 2."""
    return _by_moments(gradients, rates, beta_1, beta_2, epsilon, amsgrad)


@optimizer(learning_rate=0.001, weight_decay=0.004)
def adamw(
    gradients: Array,
    rates: Array,
    *,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
) -> Changes:
    """Adam with weight decay that the moments do not see; Loshchilov & Hutter, algorithm 2."""
    return _by_moments(gradients, rates, beta_1, beta_2, epsilon, amsgrad)


@optimizer(learning_rate=0.001)
def adamax(
    gradients: Array,
    rates: Array,
    *,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> Changes:
    """Adam with the largest magnitude, which fades, in place of the root; algorithm 2."""
    return _by_largest(gradients, rates, beta_1, beta_2, epsilon)


@keras2_optimizer(learning_rate=0.002)
def adamax_keras2(
    gradients: Array,
    rates: Array,
    *,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> Changes:
    """Adamax with a learning rate of 0.002, the paper's."""
    return _by_largest(gradients, rates, beta_1, beta_2, epsilon)


@optimizer(learning_rate=0.001)
def nadam(
    gradients: Array,
    rates: Array,
    *,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> Changes:
    """Adam with Nesterov's look ahead, and a momentum that grows with 1 − 0.96^t / 2."""
    return _looking_ahead(gradients, rates, beta_1, beta_2, epsilon, 1)


@keras2_optimizer(learning_rate=0.002)
def nadam_keras2(
    gradients: Array,
    rates: Array,
    *,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    schedule_decay: float = 0.004,
) -> Changes:
    """Nadam with a momentum that grows slowly, with 1 − 0.96^(schedule_decay · t) / 2."""
    return _looking_ahead(gradients, rates, beta_1, beta_2, epsilon, schedule_decay)


def _by_moments(
    gradients: Array, rates: Array, beta_1: float, beta_2: float, epsilon: float, amsgrad: bool
) -> Changes:
    m = v = largest = np.zeros_like(gradients[0])
    for t, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        m = beta_1 * m + (1 - beta_1) * gradient
        v = beta_2 * v + (1 - beta_2) * np.square(gradient)
        largest = np.maximum(largest, v) if amsgrad else v
        corrected = rate * (1 - beta_2**t) ** 0.5 / (1 - beta_1**t)
        yield -corrected * m / (np.sqrt(largest) + epsilon)


def _by_largest(
    gradients: Array, rates: Array, beta_1: float, beta_2: float, epsilon: float
) -> Changes:
    m = u = np.zeros_like(gradients[0])
    for t, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        m = beta_1 * m + (1 - beta_1) * gradient
        u = np.maximum(beta_2 * u, np.abs(gradient))
        yield -rate / (1 - beta_1**t) * m / (u + epsilon)


def _looking_ahead(
    gradients: Array, rates: Array, beta_1: float, beta_2: float, epsilon: float, decay: float
) -> Changes:
    m = v = np.zeros_like(gradients[0])
    base: Array = np.full_like(gradients[0], 0.96)
    product: Array = 1
    for t, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        now, after = (beta_1 * (1 - 0.5 * base ** (decay * step)) for step in (t, t + 1))
        product = product * now
        m = beta_1 * m + (1 - beta_1) * gradient
        v = beta_2 * v + (1 - beta_2) * np.square(gradient)
        ahead = after * m / (1 - product * after) + (1 - now) * gradient / (1 - product)
        yield -rate * ahead / (np.sqrt(v / (1 - beta_2**t)) + epsilon)
