"""PyTorch's ways to reshape a tensor."""

from __future__ import annotations

import torch


def flatten(x: torch.Tensor, *, data_format: str = "channels_last") -> torch.Tensor:
    """native: torch.flatten"""
    last = torch.movedim(x, 1, -1) if data_format == "channels_first" else x
    return torch.flatten(last, start_dim=1)
