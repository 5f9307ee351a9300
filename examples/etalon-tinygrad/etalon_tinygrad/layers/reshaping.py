"""tinygrad's ways to reshape a tensor."""

from __future__ import annotations

from tinygrad import Tensor


def flatten(x: Tensor, *, data_format: str = "channels_last") -> Tensor:
    """native: Tensor.flatten"""
    if data_format == "channels_first":
        x = x.permute(0, *range(2, x.ndim), 1)
    return Tensor.flatten(x, start_dim=1)
