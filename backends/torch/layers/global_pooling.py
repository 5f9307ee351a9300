"""PyTorch's global pooling: reductions over the spatial axes."""

from __future__ import annotations

import torch


def global_max_pooling1d(
    x: torch.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> torch.Tensor:
    """native: torch.amax"""
    return torch.amax(x, dim=_spatial(1, data_format), keepdim=keepdims)


def global_max_pooling2d(
    x: torch.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> torch.Tensor:
    """native: torch.amax"""
    return torch.amax(x, dim=_spatial(2, data_format), keepdim=keepdims)


def global_max_pooling3d(
    x: torch.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> torch.Tensor:
    """native: torch.amax"""
    return torch.amax(x, dim=_spatial(3, data_format), keepdim=keepdims)


def global_average_pooling1d(
    x: torch.Tensor,
    *,
    mask: torch.Tensor | None = None,
    data_format: str = "channels_last",
    keepdims: bool = False,
) -> torch.Tensor:
    """native: torch.mean

    Under a mask it is composed of torch.where and torch.sum.
    """
    axes = _spatial(1, data_format)
    if mask is None:
        return torch.mean(x, dim=axes, keepdim=keepdims)
    counted = torch.unsqueeze(mask, -1 if data_format == "channels_last" else 1)
    total = torch.sum(torch.where(counted, x, 0.0), dim=axes, keepdim=keepdims)
    return total / torch.sum(counted.to(x.dtype), dim=axes, keepdim=keepdims)


def global_average_pooling2d(
    x: torch.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> torch.Tensor:
    """native: torch.mean"""
    return torch.mean(x, dim=_spatial(2, data_format), keepdim=keepdims)


def global_average_pooling3d(
    x: torch.Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> torch.Tensor:
    """native: torch.mean"""
    return torch.mean(x, dim=_spatial(3, data_format), keepdim=keepdims)


def _spatial(axes: int, data_format: str) -> tuple[int, ...]:
    first = 1 if data_format == "channels_last" else 2
    return tuple(range(first, first + axes))
