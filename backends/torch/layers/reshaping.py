"""PyTorch's ways to reshape a tensor."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def flatten(x: torch.Tensor, *, data_format: str = "channels_last") -> torch.Tensor:
    """native: torch.flatten"""
    last = torch.movedim(x, 1, -1) if data_format == "channels_first" else x
    return torch.flatten(last, start_dim=1)


def reshape(x: torch.Tensor, *, target_shape: Sequence[int]) -> torch.Tensor:
    """native: torch.unflatten, torch.flatten

    torch.reshape can't tell what -1 stands for where there is no example.
    """
    return torch.unflatten(torch.flatten(x, start_dim=1), 1, tuple(target_shape))


def permute(x: torch.Tensor, *, dims: Sequence[int]) -> torch.Tensor:
    """native: torch.permute"""
    return torch.permute(x, (0, *dims))


def repeat_vector(x: torch.Tensor, *, n: int) -> torch.Tensor:
    """composed: torch.unsqueeze, torch.tile"""
    return torch.tile(torch.unsqueeze(x, 1), (1, n, 1))
