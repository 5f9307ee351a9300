"""PyTorch's regularization layers."""

from __future__ import annotations

import torch


def dropout(x: torch.Tensor, *, rate: float, training: bool = False, seed: int = 0) -> torch.Tensor:
    """native: torch.nn.functional.dropout

    It takes no generator, so the global one is seeded and put back.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.nn.functional.dropout(x, rate, training)
