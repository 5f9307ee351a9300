"""TensorFlow's depthwise convolutions: over two spatial axes only."""

from __future__ import annotations

import tensorflow as tf

from etalon.backends.tensorflow.layers.convolution import (
    LAYOUTS,
    Lengths,
    over_all_axes,
    with_bias,
)
from etalon.backends.tensorflow.layers.core import activate


def depthwise_conv1d(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """native: tf.nn.depthwise_conv2d

    The first of its two spatial axes has length 1; it wants the same stride along both.
    """
    axis = 1 if data_format == "channels_last" else 2
    y = tf.nn.depthwise_conv2d(
        tf.expand_dims(x, axis),
        tf.expand_dims(kernel, 0),
        over_all_axes(one_of(strides), 2, data_format),
        padding.upper(),
        LAYOUTS[data_format][1],
        (1, one_of(dilation_rate)),
    )
    y = tf.squeeze(y, axis)
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def depthwise_conv2d(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """native: tf.nn.depthwise_conv2d"""
    y = tf.nn.depthwise_conv2d(
        x,
        kernel,
        over_all_axes(strides, 2, data_format),
        padding.upper(),
        LAYOUTS[data_format][1],
        per_axis(dilation_rate),
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def one_of(value: Lengths) -> int:
    """Return the number for the only axis."""
    return value if isinstance(value, int) else value[0]


def per_axis(value: Lengths) -> Lengths:
    """Return one number for each of two axes."""
    return (value, value) if isinstance(value, int) else value
