"""PyTorch's transposed convolutions: kernels ``(in, out, *spatial)``.

They take off ``padding`` at both ends alike, then add ``output_padding`` at the far end, which may
not be negative. So there is no way to say "same" where an odd number has to be taken off.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from etalon.backends.torch.layers.convolution import Lengths, as_given, channels_first, leading
from etalon.backends.torch.layers.core import activate


def conv1d_transpose(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
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
) -> torch.Tensor:
    """native: torch.nn.functional.conv_transpose1d"""
    pads = _pads(kernel, strides, padding, output_padding, dilation_rate)
    y = torch.nn.functional.conv_transpose1d(
        channels_first(x, data_format),
        leading(kernel),
        bias if use_bias else None,
        strides,
        *pads,
        dilation=dilation_rate,
    )
    return activate(as_given(y, data_format), activation)


def conv2d_transpose(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
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
) -> torch.Tensor:
    """native: torch.nn.functional.conv_transpose2d"""
    pads = _pads(kernel, strides, padding, output_padding, dilation_rate)
    y = torch.nn.functional.conv_transpose2d(
        channels_first(x, data_format),
        leading(kernel),
        bias if use_bias else None,
        strides,
        *pads,
        dilation=dilation_rate,
    )
    return activate(as_given(y, data_format), activation)


def conv3d_transpose(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
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
) -> torch.Tensor:
    """native: torch.nn.functional.conv_transpose3d"""
    pads = _pads(kernel, strides, padding, output_padding, dilation_rate)
    y = torch.nn.functional.conv_transpose3d(
        channels_first(x, data_format),
        leading(kernel),
        bias if use_bias else None,
        strides,
        *pads,
        dilation=dilation_rate,
    )
    return activate(as_given(y, data_format), activation)


def _pads(
    kernel: torch.Tensor,
    strides: Lengths,
    padding: str,
    output_padding: Lengths | None,
    dilation: Lengths,
) -> tuple[list[int], list[int]]:
    """Return ``padding`` and ``output_padding`` as PyTorch has them."""
    axes = kernel.ndim - 2
    steps, rates = _per_axis(strides, axes), _per_axis(dilation, axes)
    extra = [None] * axes if output_padding is None else _per_axis(output_padding, axes)
    spans = [(k - 1) * rate + 1 for k, rate in zip(kernel.shape, rates, strict=False)]
    both, after = [], []
    for span, step, more in zip(spans, steps, extra, strict=True):
        beyond = _beyond(span, step, padding, more)
        cut = max(-beyond, 0) // 2 if padding == "same" else 0
        both.append(cut)
        after.append(beyond + 2 * cut)
    return both, after


def _beyond(span: int, stride: int, padding: str, output_padding: int | None) -> int:
    """Return by how much Keras's result is longer than the last number of x reaches."""
    if padding == "valid":
        return max(stride - span, 0) if output_padding is None else output_padding
    return (stride if output_padding is None else span % 2 + output_padding) - span


def _per_axis(value: Lengths, axes: int) -> Sequence[int]:
    return (value,) * axes if isinstance(value, int) else value
