"""PyTorch's convolutions: channels first, kernels ``(out, in / groups, *spatial)``."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from etalon.backends.torch.layers.core import activate

Lengths = int | Sequence[int]


def conv1d(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
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
) -> torch.Tensor:
    """native: torch.nn.functional.conv1d

    It pads both ends alike, so for "causal" the input is padded first.
    """
    first = channels_first(x, data_format)
    if padding == "causal":
        first = _causal(first, kernel.shape[0], dilation_rate)
        padding = "valid"
    function, offset = torch.nn.functional.conv1d, bias if use_bias else None
    y = function(first, leading(kernel), offset, strides, padding, dilation_rate, groups)
    return activate(as_given(y, data_format), activation)


def conv2d(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
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
) -> torch.Tensor:
    """native: torch.nn.functional.conv2d"""
    y = torch.nn.functional.conv2d(
        channels_first(x, data_format),
        leading(kernel),
        bias if use_bias else None,
        strides,
        padding,
        dilation_rate,
        groups,
    )
    return activate(as_given(y, data_format), activation)


def conv3d(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
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
) -> torch.Tensor:
    """native: torch.nn.functional.conv3d"""
    y = torch.nn.functional.conv3d(
        channels_first(x, data_format),
        leading(kernel),
        bias if use_bias else None,
        strides,
        padding,
        dilation_rate,
        groups,
    )
    return activate(as_given(y, data_format), activation)


def channels_first(x: torch.Tensor, data_format: str) -> torch.Tensor:
    """Move the channels to where PyTorch has them."""
    return torch.movedim(x, -1, 1) if data_format == "channels_last" else x


def as_given(y: torch.Tensor, data_format: str) -> torch.Tensor:
    """Undo :func:`channels_first`."""
    return torch.movedim(y, 1, -1) if data_format == "channels_last" else y


def leading(kernel: torch.Tensor) -> torch.Tensor:
    """Move the last two axes of a kernel to the front, the last one first."""
    return torch.movedim(kernel, (-1, -2), (0, 1))


def _causal(x: torch.Tensor, taps: int, dilation: Lengths) -> torch.Tensor:
    rate = dilation if isinstance(dilation, int) else dilation[0]
    return torch.nn.functional.pad(x, (rate * (taps - 1), 0))
