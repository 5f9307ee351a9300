"""PyTorch has no separable convolutions; two convolutions make one."""

from __future__ import annotations

import torch

from etalon.backends.torch.layers.convolution import Lengths, as_given, channels_first, leading
from etalon.backends.torch.layers.core import activate
from etalon.backends.torch.layers.depthwise import by_channel


def separable_conv1d(
    x: torch.Tensor,
    depthwise_kernel: torch.Tensor,
    pointwise_kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
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
) -> torch.Tensor:
    """composed: torch.nn.functional.conv1d"""
    between = torch.nn.functional.conv1d(
        channels_first(x, data_format),
        by_channel(depthwise_kernel),
        None,
        strides,
        padding,
        dilation_rate,
        groups=depthwise_kernel.shape[-2],
    )
    offset = bias if use_bias else None
    y = torch.nn.functional.conv1d(between, leading(pointwise_kernel), offset)
    return activate(as_given(y, data_format), activation)


def separable_conv2d(
    x: torch.Tensor,
    depthwise_kernel: torch.Tensor,
    pointwise_kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
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
) -> torch.Tensor:
    """composed: torch.nn.functional.conv2d"""
    between = torch.nn.functional.conv2d(
        channels_first(x, data_format),
        by_channel(depthwise_kernel),
        None,
        strides,
        padding,
        dilation_rate,
        groups=depthwise_kernel.shape[-2],
    )
    offset = bias if use_bias else None
    y = torch.nn.functional.conv2d(between, leading(pointwise_kernel), offset)
    return activate(as_given(y, data_format), activation)
