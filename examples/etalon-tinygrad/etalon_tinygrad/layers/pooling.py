"""tinygrad's pooling: one operation over any number of axes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tinygrad import Tensor

from etalon_tinygrad.layers.windows import Lengths, as_given, channels_first, margins, per_axis


def average_pooling1d(
    x: Tensor,
    *,
    pool_size: Lengths = 2,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Tensor:
    """native: Tensor.avg_pool2d"""
    pool = partial(Tensor.avg_pool2d, count_include_pad=False)
    return pooled(pool, x, 1, pool_size, strides, padding, data_format)


def average_pooling2d(
    x: Tensor,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Tensor:
    """native: Tensor.avg_pool2d"""
    pool = partial(Tensor.avg_pool2d, count_include_pad=False)
    return pooled(pool, x, 2, pool_size, strides, padding, data_format)


def pooled(
    pool: Callable[..., Tensor],
    x: Tensor,
    axes: int,
    pool_size: Lengths,
    strides: Lengths | None,
    padding: str,
    data_format: str,
) -> Tensor:
    """Return what ``pool`` makes of ``x`` with its channels first."""
    size = per_axis(pool_size, axes)
    steps = size if strides is None else per_axis(strides, axes)
    first = channels_first(x, data_format)
    around = margins(padding, first.shape[2:], size, steps)
    return as_given(pool(first, size, steps, padding=around), data_format)
