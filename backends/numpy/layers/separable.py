"""The definitions of the separable convolution layers."""

from __future__ import annotations

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.convolution import convolution
from etalon.backends.numpy.layers.core import activate
from etalon.backends.numpy.layers.depthwise import depthwise
from etalon.backends.numpy.layers.windows import Lengths, as_given, channels_last


def separable_conv1d(
    x: Array,
    depthwise_kernel: Array,
    pointwise_kernel: Array,
    bias: Array | None = None,
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
) -> Array:
    """A depthwise convolution, then one of all channels, as :func:`separable_conv2d`."""
    offset = bias if use_bias else None
    seen = channels_last(x, data_format)
    between = depthwise(seen, depthwise_kernel, None, strides, padding, dilation_rate)
    y = convolution(between, pointwise_kernel, offset, 1, "valid", 1, groups=1)
    return activate(as_given(y, data_format), activation)


def separable_conv2d(
    x: Array,
    depthwise_kernel: Array,
    pointwise_kernel: Array,
    bias: Array | None = None,
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
) -> Array:
    """A depthwise convolution, then one of all channels with a window of one place.

    x is ``(batch, height, width, channels)``, depthwise_kernel ``(*kernel_size, channels,
    depth_multiplier)``, pointwise_kernel ``(1, 1, channels · depth_multiplier, filters)``.
    """
    offset = bias if use_bias else None
    seen = channels_last(x, data_format)
    between = depthwise(seen, depthwise_kernel, None, strides, padding, dilation_rate)
    y = convolution(between, pointwise_kernel, offset, 1, "valid", 1, groups=1)
    return activate(as_given(y, data_format), activation)
