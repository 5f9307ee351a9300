"""PyTorch has no regularizers; these are composed."""

from __future__ import annotations

import torch


def l2(w: torch.Tensor, *, l2: float = 0.01) -> torch.Tensor:
    """composed: torch.square, torch.sum"""
    return l2 * torch.sum(torch.square(w))
