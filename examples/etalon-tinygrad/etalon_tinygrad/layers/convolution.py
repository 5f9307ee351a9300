"""tinygrad's convolutions: one operation over any number of axes, kernels ``(out, in, *size)``."""

from __future__ import annotations

from tinygrad import Tensor

from etalon_tinygrad.layers.core import activate
from etalon_tinygrad.layers.windows import Lengths, as_given, channels_first, margins, per_axis


def conv1d(
    x: Tensor,
    kernel: Tensor,
    bias: Tensor | None = None,
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
) -> Tensor:
    """native: Tensor.conv2d"""
    first = channels_first(x, data_format)
    steps, rates = per_axis(strides, 1), per_axis(dilation_rate, 1)
    y = Tensor.conv2d(
        first,
        leading(kernel),
        bias if use_bias else None,
        groups,
        steps,
        rates,
        margins(padding, first.shape[2:], spans(kernel, rates), steps),
    )
    return activate(as_given(y, data_format), activation)


def conv2d(
    x: Tensor,
    kernel: Tensor,
    bias: Tensor | None = None,
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
) -> Tensor:
    """native: Tensor.conv2d"""
    first = channels_first(x, data_format)
    steps, rates = per_axis(strides, 2), per_axis(dilation_rate, 2)
    y = Tensor.conv2d(
        first,
        leading(kernel),
        bias if use_bias else None,
        groups,
        steps,
        rates,
        margins(padding, first.shape[2:], spans(kernel, rates), steps),
    )
    return activate(as_given(y, data_format), activation)


def spans(kernel: Tensor, rates: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many positions a dilated kernel spans, per axis."""
    return tuple((k - 1) * rate + 1 for k, rate in zip(kernel.shape, rates, strict=False))


def leading(kernel: Tensor) -> Tensor:
    """Move the last two axes of a kernel to the front, the last one first."""
    axes = kernel.ndim
    return kernel.permute(axes - 1, axes - 2, *range(axes - 2))
