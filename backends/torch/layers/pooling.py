"""PyTorch's pooling: channels first.

It pads both ends alike. Where "same" needs one more at the far end, ``ceil_mode`` lets the last
window reach over that end, provided that the stride is above 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch

Lengths = int | Sequence[int]


def max_pooling1d(
    x: torch.Tensor,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """native: torch.nn.functional.max_pool1d"""
    pool = torch.nn.functional.max_pool1d
    return pooled(pool, x, 1, pool_size, strides, padding, data_format)


def max_pooling2d(
    x: torch.Tensor,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """native: torch.nn.functional.max_pool2d"""
    pool = torch.nn.functional.max_pool2d
    return pooled(pool, x, 2, pool_size, strides, padding, data_format)


def max_pooling3d(
    x: torch.Tensor,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """native: torch.nn.functional.max_pool3d"""
    pool = torch.nn.functional.max_pool3d
    return pooled(pool, x, 3, pool_size, strides, padding, data_format)


def average_pooling1d(
    x: torch.Tensor,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """native: torch.nn.functional.avg_pool1d"""
    pool = partial(torch.nn.functional.avg_pool1d, count_include_pad=False)
    return pooled(pool, x, 1, pool_size, strides, padding, data_format)


def average_pooling2d(
    x: torch.Tensor,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """native: torch.nn.functional.avg_pool2d"""
    pool = partial(torch.nn.functional.avg_pool2d, count_include_pad=False)
    return pooled(pool, x, 2, pool_size, strides, padding, data_format)


def average_pooling3d(
    x: torch.Tensor,
    *,
    pool_size: Lengths = (2, 2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """native: torch.nn.functional.avg_pool3d"""
    pool = partial(torch.nn.functional.avg_pool3d, count_include_pad=False)
    return pooled(pool, x, 3, pool_size, strides, padding, data_format)


def pooled(
    pool: Callable[..., Any],
    x: torch.Tensor,
    axes: int,
    pool_size: Lengths,
    strides: Lengths | None,
    padding: str,
    data_format: str,
) -> torch.Tensor:
    """Return what ``pool`` makes of ``x`` with its channels first."""
    last, same = data_format == "channels_last", padding == "same"
    size = _per_axis(pool_size, axes)
    steps = size if strides is None else _per_axis(strides, axes)
    y = torch.movedim(x, -1, 1) if last else x
    pads = _padding(y.shape[2:], size, steps) if same else 0
    y = pool(y, size, steps, pads, ceil_mode=same)
    return torch.movedim(y, 1, -1) if last else y


def _padding(lengths: Sequence[int], size: Sequence[int], steps: Sequence[int]) -> list[int]:
    if any(k > 1 and k % 2 == 0 and s == 1 for k, s in zip(size, steps, strict=True)):
        raise NotImplementedError(
            "pooling pads both ends alike, but an even window at stride 1 needs one more after"
        )
    sizes = zip(lengths, size, steps, strict=False)
    return [max((-(-n // s) - 1) * s + k - n, 0) // 2 for n, k, s in sizes]


def _per_axis(value: Lengths, axes: int) -> Sequence[int]:
    return (value,) * axes if isinstance(value, int) else value
