"""The definitions of the transposed convolution layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.convolution import convolution
from etalon.backends.numpy.layers.core import activate
from etalon.backends.numpy.layers.windows import Lengths, as_given, channels_last, per_axis


def conv1d_transpose(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    output_padding: Lengths | None = None,
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """The transposed :func:`~convolution.conv1d`, as :func:`conv2d_transpose`."""
    offset = bias if use_bias else None
    seen = channels_last(x, data_format)
    y = transposed(seen, kernel, offset, strides, padding, output_padding, dilation_rate)
    return activate(as_given(y, data_format), activation)


def conv2d_transpose(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    output_padding: Lengths | None = None,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """What a convolution's gradient with respect to its input is, plus bias and activation.

    x is ``(batch, height, width, channels)``, kernel ``(*kernel_size, filters, channels)``: each
    number of x adds its multiple of the kernel to the result, ``strides`` from its neighbour's.
    """
    offset = bias if use_bias else None
    seen = channels_last(x, data_format)
    y = transposed(seen, kernel, offset, strides, padding, output_padding, dilation_rate)
    return activate(as_given(y, data_format), activation)


def conv3d_transpose(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1, 1),
    padding: str = "valid",
    output_padding: Lengths | None = None,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """The transposed convolution over three spatial axes, as :func:`conv2d_transpose`."""
    offset = bias if use_bias else None
    seen = channels_last(x, data_format)
    y = transposed(seen, kernel, offset, strides, padding, output_padding, dilation_rate)
    return activate(as_given(y, data_format), activation)


def transposed(
    x: Array,
    kernel: Array,
    bias: Array | None,
    strides: Lengths,
    padding: str,
    output_padding: Lengths | None,
    dilation: Lengths,
) -> Array:
    """Correlate ``x``, zeros between its numbers, with the kernel turned round; add the bias."""
    size = kernel.shape[:-2]
    axes = len(size)
    steps, rates = per_axis(strides, axes), per_axis(dilation, axes)
    extra = (None,) * axes if output_padding is None else per_axis(output_padding, axes)
    pads = [(0, 0)] * x.ndim
    each = zip(size, rates, steps, extra, strict=True)
    for axis, (taps, rate, stride, more) in enumerate(each, start=1):
        span = (taps - 1) * rate + 1
        cut, length = placed(x.shape[axis], span, stride, padding, more)
        x = stretched(x, axis, stride)
        pads[axis] = (span - 1 - cut, length + cut - x.shape[axis])
    turned = np.moveaxis(kernel[(slice(None, None, -1),) * axes], -2, -1)
    return convolution(np.pad(x, pads), turned, bias, 1, "valid", dilation, groups=1)


def placed(
    length: int, span: int, stride: int, padding: str, output_padding: int | None
) -> tuple[int, int]:
    """Return how much is cut off before the result along an axis, and how long the result is.

    Without cuts it is as long as ``length`` kernels of that span, ``stride`` apart, reach.
    """
    reach = (length - 1) * stride + span
    if padding == "valid":
        return 0, reach + (max(stride - span, 0) if output_padding is None else output_padding)
    if output_padding is None:
        wanted = length * stride
    else:
        wanted = (length - 1) * stride + span % 2 + output_padding
    return max(reach - wanted, 0) // 2, wanted


def stretched(x: Array, axis: int, stride: int) -> Array:
    """Return ``x`` with ``stride - 1`` zeros between neighbours along an axis."""
    gaps = [(0, 0)] * (axis + 1) + [(0, stride - 1)] + [(0, 0)] * (x.ndim - axis - 1)
    wide = np.pad(np.expand_dims(x, axis + 1), gaps)
    shape = (*x.shape[:axis], x.shape[axis] * stride, *x.shape[axis + 1 :])
    last = slice((x.shape[axis] - 1) * stride + 1)
    return np.reshape(wide, shape)[(slice(None),) * axis + (last,)]
