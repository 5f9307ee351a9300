"""The definitions of the depthwise convolution layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.convolution import convolution
from etalon.backends.numpy.layers.core import activate
from etalon.backends.numpy.layers.windows import Lengths, as_given, channels_last


def depthwise_conv1d(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """Each channel by itself, as :func:`depthwise_conv2d`; x is ``(batch, steps, channels)``."""
    offset = bias if use_bias else None
    y = depthwise(channels_last(x, data_format), kernel, offset, strides, padding, dilation_rate)
    return activate(as_given(y, data_format), activation)


def depthwise_conv2d(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """Cross-correlate each channel with ``depth_multiplier`` filters of its own.

    x is ``(batch, height, width, channels)``, kernel ``(*kernel_size, channels,
    depth_multiplier)``; the results of one channel lie next to one another.
    """
    offset = bias if use_bias else None
    y = depthwise(channels_last(x, data_format), kernel, offset, strides, padding, dilation_rate)
    return activate(as_given(y, data_format), activation)


def depthwise(
    x: Array,
    kernel: Array,
    bias: Array | None,
    strides: Lengths,
    padding: str,
    dilation: Lengths,
) -> Array:
    """A convolution in as many groups as there are channels, both arrays channels last."""
    *size, channels, multiplier = kernel.shape
    own = np.reshape(kernel, (*size, 1, channels * multiplier))
    return convolution(x, own, bias, strides, padding, dilation, groups=channels)
