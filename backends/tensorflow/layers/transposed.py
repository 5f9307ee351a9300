"""TensorFlow's transposed convolutions: they are told the shape of the result."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from etalon.backends.tensorflow.layers.convolution import LAYOUTS, Lengths, with_bias
from etalon.backends.tensorflow.layers.core import activate


def conv1d_transpose(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
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
) -> tf.Tensor:
    """native: tf.nn.conv1d_transpose"""
    lengths = _lengths(x, kernel, strides, padding, output_padding, data_format, dilation_rate)
    y = tf.nn.conv1d_transpose(
        x,
        kernel,
        lengths,
        strides,
        padding.upper(),
        LAYOUTS[data_format][0],
        dilation_rate,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def conv2d_transpose(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
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
) -> tf.Tensor:
    """native: tf.nn.conv2d_transpose"""
    lengths = _lengths(x, kernel, strides, padding, output_padding, data_format, dilation_rate)
    y = tf.nn.conv2d_transpose(
        x,
        kernel,
        lengths,
        strides,
        padding.upper(),
        LAYOUTS[data_format][1],
        dilation_rate,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def conv3d_transpose(
    x: tf.Tensor,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
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
) -> tf.Tensor:
    """native: tf.nn.conv3d_transpose"""
    lengths = _lengths(x, kernel, strides, padding, output_padding, data_format, dilation_rate)
    y = tf.nn.conv3d_transpose(
        x,
        kernel,
        lengths,
        strides,
        padding.upper(),
        LAYOUTS[data_format][2],
        dilation_rate,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def _lengths(
    x: tf.Tensor,
    kernel: tf.Tensor,
    strides: Lengths,
    padding: str,
    output_padding: Lengths | None,
    data_format: str,
    dilation: Lengths,
) -> Sequence[int]:
    """Return the shape of Keras's result."""
    *size, filters, _ = kernel.shape
    last = data_format == "channels_last"
    spatial = x.shape[1:-1] if last else x.shape[2:]
    axes = len(size)
    steps, rates = _per_axis(strides, axes), _per_axis(dilation, axes)
    extra = [None] * axes if output_padding is None else _per_axis(output_padding, axes)
    spans = [(k - 1) * rate + 1 for k, rate in zip(size, rates, strict=True)]
    ends = [_end(*axis, padding) for axis in zip(spans, steps, extra, strict=True)]
    reached = [(n - 1) * s + end for n, s, end in zip(spatial, steps, ends, strict=True)]
    return [x.shape[0], *reached, filters] if last else [x.shape[0], filters, *reached]


def _end(span: int, stride: int, output_padding: int | None, padding: str) -> int:
    """Return how much of the result begins where the last number of x does."""
    if output_padding is None:
        return stride if padding == "same" else max(span, stride)
    return (span % 2 if padding == "same" else span) + output_padding


def _per_axis(value: Lengths, axes: int) -> Sequence[int]:
    return (value,) * axes if isinstance(value, int) else value
