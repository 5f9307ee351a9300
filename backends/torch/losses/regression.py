"""PyTorch's losses of numbers."""

from __future__ import annotations

import torch

from etalon.backends.torch.losses.reduction import reduce


def mean_squared_error(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """native: torch.nn.functional.mse_loss"""
    squares = torch.nn.functional.mse_loss(y_pred, y_true, reduction="none")
    return reduce(torch.mean(squares, dim=-1), sample_weight, mask, reduction)
