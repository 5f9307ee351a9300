"""PyTorch's initializers, which fill a tensor in PyTorch's layout: ``(out, in, *spatial)``."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def glorot_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> torch.Tensor:
    """native: torch.nn.init.xavier_normal_"""
    w = torch.empty(shape[-1], shape[-2], *shape[:-2], dtype=getattr(torch, dtype))
    torch.nn.init.xavier_normal_(w, generator=_generator(w, seed))
    return torch.movedim(w, (0, 1), (-1, -2))


def orthogonal(
    shape: Sequence[int], *, dtype: str = "float32", seed: int, gain: float = 1.0
) -> torch.Tensor:
    """native: torch.nn.init.orthogonal_"""
    w = torch.empty(shape[-1], *shape[:-1], dtype=getattr(torch, dtype))
    torch.nn.init.orthogonal_(w, gain, generator=_generator(w, seed))
    return torch.movedim(w, 0, -1)


def _generator(w: torch.Tensor, seed: int) -> torch.Generator:
    return torch.Generator(device=w.device).manual_seed(seed)
