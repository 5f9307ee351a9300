"""TensorFlow's convolutions."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from etalon.backends.tensorflow.layers.core import activate

Lengths = int | Sequence[int]
LAYOUTS = {"channels_last": ("NWC", "NHWC", "NDHWC"), "channels_first": ("NCW", "NCHW", "NCDHW")}
"""What TensorFlow calls a data format, by the number of spatial axes."""


def conv1d(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """native: tf.nn.conv1d

    It knows no "causal": the input is padded first. It is not told the number of groups: it
    divides the channels of x by those of the kernel.
    """
    if padding == "causal":
        x, padding = _causal(x, kernel, dilation_rate, data_format), "valid"
    layout = LAYOUTS[data_format][0]
    y = tf.nn.conv1d(x, kernel, strides, padding.upper(), layout, dilation_rate)
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def conv2d(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """native: tf.nn.conv2d

    It is not told the number of groups: it divides the channels of x by those of the kernel.
    """
    layout = LAYOUTS[data_format][1]
    y = tf.nn.conv2d(x, kernel, strides, padding.upper(), layout, dilation_rate)
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def conv3d(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1, 1),
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> tf.Tensor:
    """native: tf.nn.conv3d

    It is not told the number of groups: it divides the channels of x by those of the kernel.
    """
    layout = LAYOUTS[data_format][2]
    steps = over_all_axes(strides, 3, data_format)
    rates = over_all_axes(dilation_rate, 3, data_format)
    y = tf.nn.conv3d(x, kernel, steps, padding.upper(), layout, rates)
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def with_bias(y: tf.Tensor, bias: tf.Tensor | None, data_format: str) -> tf.Tensor:
    """Add a bias to the channels; it tells only the two four-dimensional layouts by name."""
    if bias is None:
        return y
    return tf.nn.bias_add(y, bias, "NHWC" if data_format == "channels_last" else "NCHW")


def over_all_axes(value: Lengths, axes: int, data_format: str) -> Sequence[int]:
    """Return strides or rates for all axes of a tensor, batch and channels too."""
    spatial = (value,) * axes if isinstance(value, int) else tuple(value)
    return (1, *spatial, 1) if data_format == "channels_last" else (1, 1, *spatial)


def _causal(x: tf.Tensor, kernel: tf.Tensor, dilation: Lengths, data_format: str) -> tf.Tensor:
    rate = dilation if isinstance(dilation, int) else dilation[0]
    before = [rate * (kernel.shape[0] - 1), 0]
    last = data_format == "channels_last"
    return tf.pad(x, [[0, 0], before, [0, 0]] if last else [[0, 0], [0, 0], before])
