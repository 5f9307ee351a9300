"""The definitions of the convolution layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.core import activate, affine
from etalon.backends.numpy.layers.windows import (
    Lengths,
    as_given,
    channels_last,
    per_axis,
    windows,
)


def conv1d(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
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
) -> Array:
    """Cross-correlation over one spatial axis, as :func:`conv2d`.

    x is ``(batch, steps, channels)``. Padded ``causal``, a step's result depends on no later one.
    """
    offset = bias if use_bias else None
    seen = channels_last(x, data_format)
    y = convolution(seen, kernel, offset, strides, padding, dilation_rate, groups)
    return activate(as_given(y, data_format), activation)


def conv2d(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
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
) -> Array:
    """Cross-correlation over two spatial axes, in groups of channels, plus bias and activation.

    x is ``(batch, height, width, channels)``, kernel ``(*kernel_size, channels / groups,
    filters)``; filter ``f`` sees the channels of group ``f // (filters / groups)``.
    """
    offset = bias if use_bias else None
    seen = channels_last(x, data_format)
    y = convolution(seen, kernel, offset, strides, padding, dilation_rate, groups)
    return activate(as_given(y, data_format), activation)


def conv3d(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
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
) -> Array:
    """Cross-correlation over three spatial axes, as :func:`conv2d`."""
    offset = bias if use_bias else None
    seen = channels_last(x, data_format)
    y = convolution(seen, kernel, offset, strides, padding, dilation_rate, groups)
    return activate(as_given(y, data_format), activation)


def convolution(
    x: Array,
    kernel: Array,
    bias: Array | None,
    strides: Lengths,
    padding: str,
    dilation: Lengths,
    groups: int,
) -> Array:
    """Correlate ``x`` with ``kernel``, both channels last, over any number of axes; add bias."""
    size = kernel.shape[:-2]
    axes = len(size)
    seen = windows(x, size, per_axis(strides, axes), padding, per_axis(dilation, axes), fill=0.0)
    positions = seen.shape[: x.ndim - 1]
    channels, filters = kernel.shape[-2:]
    taps = channels * int(np.prod(size))
    rows = np.reshape(seen, (int(np.prod(positions)), groups, taps))
    columns = np.reshape(np.moveaxis(kernel, -2, 0), (taps, groups, filters // groups))
    offset = None if bias is None else np.reshape(bias, (groups, 1, filters // groups))
    y = affine(np.moveaxis(rows, 1, 0), np.moveaxis(columns, 1, 0), offset)
    return np.reshape(np.moveaxis(y, 0, 1), (*positions, filters))
