"""tinygrad's ways to reshape a tensor."""

from __future__ import annotations

from collections.abc import Sequence

from tinygrad import Tensor


def flatten(x: Tensor, *, data_format: str = "channels_last") -> Tensor:
    """native: Tensor.flatten"""
    if data_format == "channels_first":
        x = x.permute(0, *range(2, x.ndim), 1)
    return Tensor.flatten(x, start_dim=1)


def reshape(x: Tensor, *, target_shape: Sequence[int]) -> Tensor:
    """native: Tensor.reshape"""
    return Tensor.reshape(x, x.shape[0], *target_shape)


def permute(x: Tensor, *, dims: Sequence[int]) -> Tensor:
    """native: Tensor.permute"""
    return Tensor.permute(x, 0, *dims)


def repeat_vector(x: Tensor, *, n: int) -> Tensor:
    """composed: Tensor.unsqueeze, Tensor.repeat"""
    return Tensor.repeat(Tensor.unsqueeze(x, 1), (1, n, 1))
