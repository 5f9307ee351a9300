"""Steps one of TensorFlow's optimizer kernels, which write into variables, through gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf


def path(
    kernel: Callable[..., Any],
    state: Sequence[str],
    variable: tf.Tensor,
    gradients: tf.Tensor,
    **numbers: float,
) -> tf.Tensor:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``.

    ``state`` names the kernel's arguments that start as zeros and that it moves on.
    """
    w, zeros = tf.Variable(variable), {name: tf.Variable(tf.zeros_like(variable)) for name in state}
    handles = {name: zero.handle for name, zero in zeros.items()}
    scalars = {name: tf.constant(number, w.dtype) for name, number in numbers.items()}
    values = [variable]
    for gradient in gradients:
        kernel(var=w.handle, **handles, **scalars, grad=gradient)
        values.append(tf.identity(w))
    return tf.stack(values)
