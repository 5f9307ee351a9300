"""TensorFlow's kernels of gradient descent with momentum, and of Adam and its kin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tensorflow as tf

from etalon.backends.tensorflow.optimizers.stepping import Call, Number, Step, kernel, path


def sgd(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
    **options: Any,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyGradientDescent, tf.raw_ops.ResourceApplyKerasMomentum"""

    def descent(*, lr: tf.Tensor, grad: tf.Tensor, **others: Any) -> None:
        tf.raw_ops.ResourceApplyGradientDescent(alpha=lr, delta=grad, **others)

    def with_momentum(**others: Any) -> None:
        tf.raw_ops.ResourceApplyKerasMomentum(**others, use_nesterov=nesterov)

    step = kernel(descent, variable, {})
    if momentum:
        step = kernel(with_momentum, variable, {"accum": 0.0}, momentum=momentum)
    return path(step, variable, gradients, learning_rate=learning_rate, **options)


def adam(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    **options: Any,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdam, tf.raw_ops.ResourceApplyAdamWithAmsgrad"""
    step = by_moments(tf.raw_ops.ResourceApplyAdam, "mv", variable, beta_1, beta_2, epsilon)
    if amsgrad:
        call = tf.raw_ops.ResourceApplyAdamWithAmsgrad
        step = by_moments(call, ("m", "v", "vhat"), variable, beta_1, beta_2, epsilon)
    return path(step, variable, gradients, learning_rate=learning_rate, **options)


def adamw(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    weight_decay: float = 0.004,
    **options: Any,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdam, tf.raw_ops.ResourceApplyAdamWithAmsgrad

    The weight decay is composed.
    """
    step = by_moments(tf.raw_ops.ResourceApplyAdam, "mv", variable, beta_1, beta_2, epsilon)
    if amsgrad:
        call = tf.raw_ops.ResourceApplyAdamWithAmsgrad
        step = by_moments(call, ("m", "v", "vhat"), variable, beta_1, beta_2, epsilon)
    options |= {"learning_rate": learning_rate, "weight_decay": weight_decay}
    return path(step, variable, gradients, **options)


def adamax(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    **options: Any,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdaMax"""
    step = by_largest(tf.raw_ops.ResourceApplyAdaMax, variable, beta_1, beta_2, epsilon)
    return path(step, variable, gradients, learning_rate=learning_rate, **options)


def adamax_keras2(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.002,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdaMax"""
    step = by_largest(tf.raw_ops.ResourceApplyAdaMax, variable, beta_1, beta_2, epsilon)
    return path(step, variable, gradients, learning_rate=learning_rate)


def nadam(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    **options: Any,
) -> tf.Tensor:
    """composed: tf.zeros_like, tf.raw_ops.ResourceApplyGradientDescent

    With Nesterov's look ahead, ResourceApplyAdam has no momentum schedule.
    """
    zeros, apply = tf.zeros_like(variable), tf.raw_ops.ResourceApplyGradientDescent
    step = looking_ahead(apply, zeros, beta_1, beta_2, epsilon, 1.0)
    return path(step, variable, gradients, learning_rate=learning_rate, **options)


def nadam_keras2(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.002,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    schedule_decay: float = 0.004,
) -> tf.Tensor:
    """composed: tf.zeros_like, tf.raw_ops.ResourceApplyGradientDescent

    With Nesterov's look ahead, ResourceApplyAdam has no momentum schedule.
    """
    zeros, apply = tf.zeros_like(variable), tf.raw_ops.ResourceApplyGradientDescent
    step = looking_ahead(apply, zeros, beta_1, beta_2, epsilon, schedule_decay)
    return path(step, variable, gradients, learning_rate=learning_rate)


def by_moments(
    call: Call, state: Iterable[str], like: tf.Tensor, beta_1: float, beta_2: float, epsilon: float
) -> Step:
    """Return the step of a kernel of Adam."""
    numbers: dict[str, Number] = {"beta1": beta_1, "beta2": beta_2, "epsilon": epsilon}
    numbers |= {"beta1_power": lambda t: beta_1**t, "beta2_power": lambda t: beta_2**t}
    return kernel(call, like, dict.fromkeys(state, 0.0), **numbers)


def by_largest(call: Call, like: tf.Tensor, beta_1: float, beta_2: float, epsilon: float) -> Step:
    """Return the step of a kernel of Adamax."""
    numbers: dict[str, Number] = {"beta1": beta_1, "beta2": beta_2, "epsilon": epsilon}
    return kernel(call, like, {"m": 0.0, "v": 0.0}, beta1_power=lambda t: beta_1**t, **numbers)


def looking_ahead(
    call: Call, zeros: tf.Tensor, beta_1: float, beta_2: float, epsilon: float, decay: float
) -> Step:
    """Return the step of Nadam, whose ``decay`` is that of its momentum schedule."""
    m, v, product = zeros, zeros, 1.0

    def step(w: tf.Variable, g: tf.Tensor, rate: tf.Tensor, t: int) -> None:
        nonlocal m, v, product
        now, after = (beta_1 * (1 - 0.5 * 0.96 ** (decay * each)) for each in (t, t + 1))
        product *= now
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * tf.square(g)
        ahead = after / (1 - product * after) * m + (1 - now) / (1 - product) * g
        delta = ahead / (tf.sqrt(v / (1 - beta_2**t)) + epsilon)
        call(var=w.handle, alpha=rate, delta=delta)

    return step
