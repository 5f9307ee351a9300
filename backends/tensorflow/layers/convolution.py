"""TensorFlow's convolutions."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from etalon.backends.tensorflow.layers.core import activate


def conv2d(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    filters: int | None = None,
    kernel_size: int | Sequence[int] | None = None,
    strides: int | Sequence[int] = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: int | Sequence[int] = (1, 1),
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """native: tf.nn.conv2d

    It is not told the number of groups: it divides the channels of x by those of the kernel.
    """
    layout = "NHWC" if data_format == "channels_last" else "NCHW"
    y = tf.nn.conv2d(x, kernel, strides, padding.upper(), layout, dilation_rate)
    if use_bias and bias is not None:
        y = tf.nn.bias_add(y, bias, layout)
    return activate(y, activation)
