"""PyTorch's convolutions: channels first, kernels ``(out, in / groups, *spatial)``."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from etalon.backends.torch.layers.core import activate


def conv2d(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    filters: int | None = None,
    kernel_size: int | Sequence[int] | None = None,
    strides: int | Sequence[int] = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: int | Sequence[int] = (1, 1),
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> torch.Tensor:
    """native: torch.nn.functional.conv2d"""
    last = data_format == "channels_last"
    y = torch.nn.functional.conv2d(
        torch.movedim(x, -1, 1) if last else x,
        kernel.permute(3, 2, 0, 1),
        bias if use_bias else None,
        strides,
        padding,
        dilation_rate,
        groups,
    )
    return activate(torch.movedim(y, 1, -1) if last else y, activation)
