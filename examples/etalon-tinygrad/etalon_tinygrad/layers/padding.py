"""tinygrad's padding, which crops where it is negative."""

from __future__ import annotations

from typing import Any

from tinygrad import Tensor


def cropping1d(x: Tensor, *, cropping: Any = (1, 1)) -> Tensor:
    """native: Tensor.pad"""
    around = _around(cropping, 1, "channels_last")
    return Tensor.pad(x, [(-before, -after) for before, after in around])


def cropping2d(
    x: Tensor, *, cropping: Any = ((0, 0), (0, 0)), data_format: str = "channels_last"
) -> Tensor:
    """native: Tensor.pad"""
    around = _around(cropping, 2, data_format)
    return Tensor.pad(x, [(-before, -after) for before, after in around])


def _around(value: Any, axes: int, data_format: str) -> list[tuple[int, int]]:
    """Return what to cut off or add before and after along every axis of the input."""
    if isinstance(value, int):
        pairs = [(value, value)] * axes
    elif axes == 1:
        pairs = [(value[0], value[1])]
    else:
        pairs = [(each, each) if isinstance(each, int) else (each[0], each[1]) for each in value]
    first = [(0, 0)] if data_format == "channels_last" else [(0, 0), (0, 0)]
    return [*first, *pairs, *([(0, 0)] if data_format == "channels_last" else [])]
