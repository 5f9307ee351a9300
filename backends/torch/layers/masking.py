"""PyTorch has no masking layer; it is composed."""

from __future__ import annotations

import torch

from etalon.backends.torch.layers import global_pooling


def masking(
    x: torch.Tensor, *, mask_value: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """composed: torch.ne, torch.any, torch.where, global_pooling.global_average_pooling1d"""
    mask = torch.any(torch.ne(x, mask_value), dim=-1)
    y = torch.where(torch.unsqueeze(mask, -1), x, 0.0)
    return y, mask, global_pooling.global_average_pooling1d(y, mask=mask)
