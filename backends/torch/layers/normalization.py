"""PyTorch's normalization: channels along axis 1."""

from __future__ import annotations

import torch


def batch_normalization(
    x: torch.Tensor,
    gamma: torch.Tensor | None,
    beta: torch.Tensor | None,
    moving_mean: torch.Tensor,
    moving_variance: torch.Tensor,
    *,
    training: bool,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """native: torch.nn.functional.batch_norm

    Its momentum is the weight of the new statistics, and it writes into the moving ones.
    """
    mean, variance = moving_mean.clone(), moving_variance.clone()
    y = torch.nn.functional.batch_norm(
        torch.movedim(x, axis, 1),
        mean,
        variance,
        gamma if scale else None,
        beta if center else None,
        training,
        1 - momentum,
        epsilon,
    )
    return torch.movedim(y, 1, axis), mean, variance
