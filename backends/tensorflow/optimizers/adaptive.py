"""TensorFlow's optimizer kernels that divide by the root of a sum or mean of squares."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from etalon.backends.tensorflow.optimizers.stepping import kernel, path


def adagrad(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-7,
    **options: Any,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdagrad

    It knows no epsilon, and ResourceApplyAdagradV2 adds it outside the root. Inside, it is part of
    the sum's initial value.
    """
    state = {"accum": initial_accumulator_value + epsilon}
    step = kernel(tf.raw_ops.ResourceApplyAdagrad, variable, state)
    return path(step, variable, gradients, learning_rate=learning_rate, **options)


def adagrad_keras2(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.01,
    epsilon: float = 1e-7,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdagradV2"""
    call = tf.raw_ops.ResourceApplyAdagradV2
    step = kernel(call, variable, {"accum": 0.0}, epsilon=epsilon)
    return path(step, variable, gradients, learning_rate=learning_rate)


def rmsprop(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
    **options: Any,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyRMSProp, tf.raw_ops.ResourceApplyCenteredRMSProp"""
    call, state = tf.raw_ops.ResourceApplyRMSProp, {"ms": 0.0, "mom": 0.0}
    if centered:
        call, state = tf.raw_ops.ResourceApplyCenteredRMSProp, {"mg": 0.0, **state}
    step = kernel(call, variable, state, rho=rho, momentum=momentum, epsilon=epsilon)
    return path(step, variable, gradients, learning_rate=learning_rate, **options)


def rmsprop_keras2(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> tf.Tensor:
    """composed: tf.square, tf.sqrt"""
    values, a = [variable], tf.zeros_like(variable)
    for g in gradients:
        a = rho * a + (1 - rho) * tf.square(g)
        values.append(values[-1] - learning_rate * g / (tf.sqrt(a) + epsilon))
    return tf.stack(values)


def adadelta(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.95,
    epsilon: float = 1e-7,
    **options: Any,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdadelta"""
    state, call = {"accum": 0.0, "accum_update": 0.0}, tf.raw_ops.ResourceApplyAdadelta
    step = kernel(call, variable, state, rho=rho, epsilon=epsilon)
    return path(step, variable, gradients, learning_rate=learning_rate, **options)


def adadelta_keras2(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 1.0,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdadelta"""
    state, call = {"accum": 0.0, "accum_update": 0.0}, tf.raw_ops.ResourceApplyAdadelta
    step = kernel(call, variable, state, rho=rho, epsilon=epsilon)
    return path(step, variable, gradients, learning_rate=learning_rate)
