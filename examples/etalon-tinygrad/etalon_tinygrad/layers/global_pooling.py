"""tinygrad's global pooling: reductions over the spatial axes."""

from __future__ import annotations

from tinygrad import Tensor


def global_max_pooling1d(
    x: Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> Tensor:
    """native: Tensor.max"""
    return Tensor.max(x, axis=_spatial(1, data_format), keepdim=keepdims)


def global_max_pooling2d(
    x: Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> Tensor:
    """native: Tensor.max"""
    return Tensor.max(x, axis=_spatial(2, data_format), keepdim=keepdims)


def global_average_pooling2d(
    x: Tensor, *, data_format: str = "channels_last", keepdims: bool = False
) -> Tensor:
    """native: Tensor.mean"""
    return Tensor.mean(x, axis=_spatial(2, data_format), keepdim=keepdims)


def _spatial(axes: int, data_format: str) -> tuple[int, ...]:
    first = 1 if data_format == "channels_last" else 2
    return tuple(range(first, first + axes))
