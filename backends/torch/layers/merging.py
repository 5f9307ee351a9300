"""PyTorch's ways to merge tensors."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def concatenate(x: Sequence[torch.Tensor], *, axis: int = -1) -> torch.Tensor:
    """native: torch.cat"""
    return torch.cat(list(x), dim=axis)
