"""PyTorch's padding, which crops where it is negative."""

from __future__ import annotations

from typing import Any

import torch


def cropping1d(x: torch.Tensor, *, cropping: Any = (1, 1)) -> torch.Tensor:
    """native: torch.nn.functional.pad"""
    around = _around(cropping, 1, "channels_last")
    return torch.nn.functional.pad(x, [-n for pair in reversed(around) for n in pair])


def cropping2d(
    x: torch.Tensor, *, cropping: Any = ((0, 0), (0, 0)), data_format: str = "channels_last"
) -> torch.Tensor:
    """native: torch.nn.functional.pad"""
    around = _around(cropping, 2, data_format)
    return torch.nn.functional.pad(x, [-n for pair in reversed(around) for n in pair])


def cropping3d(
    x: torch.Tensor, *, cropping: Any = ((1, 1), (1, 1), (1, 1)), data_format: str = "channels_last"
) -> torch.Tensor:
    """native: torch.nn.functional.pad"""
    around = _around(cropping, 3, data_format)
    return torch.nn.functional.pad(x, [-n for pair in reversed(around) for n in pair])


def zero_padding1d(x: torch.Tensor, *, padding: Any = 1) -> torch.Tensor:
    """native: torch.nn.functional.pad"""
    around = _around(padding, 1, "channels_last")
    return torch.nn.functional.pad(x, [n for pair in reversed(around) for n in pair])


def zero_padding2d(
    x: torch.Tensor, *, padding: Any = (1, 1), data_format: str = "channels_last"
) -> torch.Tensor:
    """native: torch.nn.functional.pad"""
    around = _around(padding, 2, data_format)
    return torch.nn.functional.pad(x, [n for pair in reversed(around) for n in pair])


def zero_padding3d(
    x: torch.Tensor, *, padding: Any = (1, 1, 1), data_format: str = "channels_last"
) -> torch.Tensor:
    """native: torch.nn.functional.pad"""
    around = _around(padding, 3, data_format)
    return torch.nn.functional.pad(x, [n for pair in reversed(around) for n in pair])


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
