"""TensorFlow's optimizer kernels, which write into variables, stepped through given gradients."""

from __future__ import annotations

import tensorflow as tf


def sgd(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyGradientDescent, tf.raw_ops.ResourceApplyKerasMomentum"""
    w, m = tf.Variable(variable), tf.Variable(tf.zeros_like(variable))
    rate, decay = (tf.constant(number, w.dtype) for number in (learning_rate, momentum))
    path = [variable]
    for g in gradients:
        if momentum:
            tf.raw_ops.ResourceApplyKerasMomentum(
                var=w.handle,
                accum=m.handle,
                lr=rate,
                grad=g,
                momentum=decay,
                use_nesterov=nesterov,
            )
        else:
            tf.raw_ops.ResourceApplyGradientDescent(var=w.handle, alpha=rate, delta=g)
        path.append(tf.identity(w))
    return tf.stack(path)


def adam(
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> tf.Tensor:
    """native: tf.raw_ops.ResourceApplyAdam"""
    w, m, v = (tf.Variable(x) for x in (variable, *[tf.zeros_like(variable)] * 2))
    path = [variable]
    for t, g in enumerate(gradients, start=1):
        tf.raw_ops.ResourceApplyAdam(
            var=w.handle,
            m=m.handle,
            v=v.handle,
            beta1_power=tf.constant(beta_1**t, w.dtype),
            beta2_power=tf.constant(beta_2**t, w.dtype),
            lr=tf.constant(learning_rate, w.dtype),
            beta1=tf.constant(beta_1, w.dtype),
            beta2=tf.constant(beta_2, w.dtype),
            epsilon=tf.constant(epsilon, w.dtype),
            grad=g,
        )
        path.append(tf.identity(w))
    return tf.stack(path)
