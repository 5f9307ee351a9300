"""TensorFlow's optimizer kernels that divide by the root mean square of gradients."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow.optimizers.stepping import path


def rmsprop(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyRMSProp, tf.raw_ops.ResourceApplyCenteredRMSProp"""
    numbers = {"lr": learning_rate, "rho": rho, "momentum": momentum, "epsilon": epsilon}
    if centered:
        kernel = tf.raw_ops.ResourceApplyCenteredRMSProp
        return path(kernel, ("mg", "ms", "mom"), variable, gradients, **numbers)
    return path(tf.raw_ops.ResourceApplyRMSProp, ("ms", "mom"), variable, gradients, **numbers)


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
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdadelta"""
    state, numbers = ("accum", "accum_update"), {"lr": learning_rate, "rho": rho}
    kernel = tf.raw_ops.ResourceApplyAdadelta
    return path(kernel, state, variable, gradients, **numbers, epsilon=epsilon)


def adadelta_keras2(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 1.0,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdadelta"""
    state, numbers = ("accum", "accum_update"), {"lr": learning_rate, "rho": rho}
    kernel = tf.raw_ops.ResourceApplyAdadelta
    return path(kernel, state, variable, gradients, **numbers, epsilon=epsilon)
