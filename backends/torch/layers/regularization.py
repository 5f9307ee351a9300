"""PyTorch's regularization layers."""

from __future__ import annotations

import torch

from etalon.backends.torch import regularizers


def activity_regularization(
    x: torch.Tensor, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """composed: regularizers.l1_l2"""
    return x, regularizers.l1_l2(x, l1=l1, l2=l2, role="activity")


def activity_regularization_keras2(
    x: torch.Tensor, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """composed: regularizers.l1_l2_keras2"""
    return x, regularizers.l1_l2_keras2(x, l1=l1, l2=l2)


def dropout(x: torch.Tensor, *, rate: float, training: bool = False, seed: int = 0) -> torch.Tensor:
    """native: torch.nn.functional.dropout

    It takes no generator, so the global one is seeded and put back.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.nn.functional.dropout(x, rate, training)
