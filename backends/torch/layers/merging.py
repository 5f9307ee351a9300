"""PyTorch's ways to merge tensors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import torch


def concatenate(x: Sequence[torch.Tensor], *, axis: int = -1) -> torch.Tensor:
    """native: torch.cat"""
    return torch.cat(list(x), dim=axis)


def add(x: Sequence[torch.Tensor]) -> torch.Tensor:
    """native: torch.add"""
    return reduce(torch.add, x)


def subtract(x: Sequence[torch.Tensor]) -> torch.Tensor:
    """native: torch.sub"""
    first, second = x
    return torch.sub(first, second)


def multiply(x: Sequence[torch.Tensor]) -> torch.Tensor:
    """native: torch.mul"""
    return reduce(torch.mul, x)


def average(x: Sequence[torch.Tensor]) -> torch.Tensor:
    """composed: torch.broadcast_tensors, torch.stack, torch.mean"""
    return torch.mean(torch.stack(torch.broadcast_tensors(*x)), dim=0)


def maximum(x: Sequence[torch.Tensor]) -> torch.Tensor:
    """native: torch.maximum"""
    return reduce(torch.maximum, x)


def minimum(x: Sequence[torch.Tensor]) -> torch.Tensor:
    """native: torch.minimum"""
    return reduce(torch.minimum, x)


def dot(
    x: Sequence[torch.Tensor], *, axes: int | Sequence[int], normalize: bool = False
) -> torch.Tensor:
    """composed: torch.nn.functional.normalize, torch.movedim, torch.flatten, torch.bmm"""
    pair = (axes, axes) if isinstance(axes, int) else axes
    first, second = (torch.movedim(a, axis, -1) for a, axis in zip(x, pair, strict=True))
    if normalize:
        first = torch.nn.functional.normalize(first, dim=-1, eps=1e-7)
        second = torch.nn.functional.normalize(second, dim=-1, eps=1e-7)
    shape = (*first.shape[1:-1], *second.shape[1:-1]) or (1,)
    rows, columns = (
        torch.flatten(torch.unsqueeze(a, 1), start_dim=1, end_dim=-2) for a in (first, second)
    )
    return torch.bmm(rows, columns.mT).reshape(first.shape[0], *shape)
