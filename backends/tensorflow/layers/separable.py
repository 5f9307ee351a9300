"""TensorFlow's separable convolutions: over two spatial axes only."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow.layers.convolution import (
    LAYOUTS,
    Lengths,
    over_all_axes,
    with_bias,
)
from etalon.backends.tensorflow.layers.core import activate
from etalon.backends.tensorflow.layers.depthwise import one_of, per_axis


def separable_conv1d(
    x: tf.Tensor,
    depthwise_kernel: tf.Tensor,
    pointwise_kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    depth_multiplier: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """native: tf.nn.separable_conv2d

    The first of its two spatial axes has length 1; it wants the same stride along both.
    """
    axis = 1 if data_format == "channels_last" else 2
    y = tf.nn.separable_conv2d(
        tf.expand_dims(x, axis),
        tf.expand_dims(depthwise_kernel, 0),
        tf.expand_dims(pointwise_kernel, 0),
        over_all_axes(one_of(strides), 2, data_format),
        padding.upper(),
        LAYOUTS[data_format][1],
        (1, one_of(dilation_rate)),
    )
    y = tf.squeeze(y, axis)
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def separable_conv2d(
    x: tf.Tensor,
    depthwise_kernel: tf.Tensor,
    pointwise_kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    depth_multiplier: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """native: tf.nn.separable_conv2d"""
    y = tf.nn.separable_conv2d(
        x,
        depthwise_kernel,
        pointwise_kernel,
        over_all_axes(strides, 2, data_format),
        padding.upper(),
        LAYOUTS[data_format][1],
        per_axis(dilation_rate),
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)
