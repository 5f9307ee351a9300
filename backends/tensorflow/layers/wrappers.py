"""TensorFlow has no layers outside Keras; those that wrap others are composed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from etalon.backends.tensorflow.layers import recurrent
from etalon.backends.tensorflow.layers.convolution import conv2d
from etalon.backends.tensorflow.layers.core import dense

MERGE: dict[str, Callable[[tf.Tensor, tf.Tensor], tf.Tensor]] = {
    "concat": lambda one, other: tf.concat([one, other], axis=-1),
    "sum": tf.math.add,
    "mul": tf.math.multiply,
    "ave": lambda one, other: (one + other) / 2,
}
APPLIED: dict[str, Callable[..., Any]] = {"dense": dense, "conv2d": conv2d}
"""What is done in every step."""


def bidirectional(
    x: tf.Tensor,
    forward_kernel: tf.Tensor,
    forward_recurrent_kernel: tf.Tensor,
    forward_bias: tf.Tensor | None,
    backward_kernel: tf.Tensor,
    backward_recurrent_kernel: tf.Tensor,
    backward_bias: tf.Tensor | None = None,
    *,
    layer: str,
    units: int | None = None,
    merge_mode: str = "concat",
    use_bias: bool = True,
    return_sequences: bool = False,
    mask: tf.Tensor | None = None,
) -> tf.Tensor:
    """composed: tf.reverse, tf.where

    Of the layer in each direction, and tf.concat, tf.math.add or tf.math.multiply.
    """
    merge = MERGE[merge_mode]
    run, options = getattr(recurrent, layer), {"return_sequences": return_sequences, "mask": mask}
    forward = (forward_kernel, forward_recurrent_kernel, forward_bias)
    backward = (backward_kernel, backward_recurrent_kernel, backward_bias)
    one, other = run(x, *forward, **options), run(x, *backward, go_backwards=True, **options)
    if return_sequences:
        other = tf.reverse(other, [1])
        if mask is not None:
            one, other = (tf.where(mask[..., None], y, tf.zeros_like(y)) for y in (one, other))
    return merge(one, other)


def time_distributed(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    layer: str,
    units: int | None = None,
    filters: int | None = None,
    kernel_size: tuple[int, ...] | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """composed: tf.reshape

    All steps of all examples are one batch of the layer.
    """
    batch, time, *example = x.shape
    merged = tf.reshape(x, (batch * time, *example))
    y = APPLIED[layer](merged, kernel, bias, use_bias=use_bias, activation=activation)
    return tf.reshape(y, (batch, time, *y.shape[1:]))
