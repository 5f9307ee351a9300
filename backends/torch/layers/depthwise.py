"""PyTorch's depthwise convolutions: as many groups as channels."""

from __future__ import annotations

import torch

from etalon.backends.torch.layers.convolution import Lengths, as_given, channels_first
from etalon.backends.torch.layers.core import activate


def depthwise_conv1d(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> torch.Tensor:
    """native: torch.nn.functional.conv1d"""
    y = torch.nn.functional.conv1d(
        channels_first(x, data_format),
        by_channel(kernel),
        bias if use_bias else None,
        strides,
        padding,
        dilation_rate,
        groups=kernel.shape[-2],
    )
    return activate(as_given(y, data_format), activation)


def depthwise_conv2d(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> torch.Tensor:
    """native: torch.nn.functional.conv2d"""
    y = torch.nn.functional.conv2d(
        channels_first(x, data_format),
        by_channel(kernel),
        bias if use_bias else None,
        strides,
        padding,
        dilation_rate,
        groups=kernel.shape[-2],
    )
    return activate(as_given(y, data_format), activation)


def by_channel(kernel: torch.Tensor) -> torch.Tensor:
    """Bring a kernel ``(*size, channels, multiplier)`` to ``(channels · multiplier, 1, *size)``."""
    return torch.movedim(kernel, (-2, -1), (0, 1)).flatten(0, 1).unsqueeze(1)
