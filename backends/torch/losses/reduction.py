"""Keras's weights and reductions, in PyTorch."""

from __future__ import annotations

import torch


def reduce(
    values: torch.Tensor, sample_weight: torch.Tensor | None, reduction: str
) -> torch.Tensor:
    """Weight the losses of the examples, then reduce them as Keras's ``Loss``."""
    if sample_weight is not None:
        values = values * sample_weight
    match reduction:
        case "none":
            return values
        case "sum":
            return torch.sum(values)
        case "mean_with_sample_weight" if sample_weight is not None:
            total = torch.sum(sample_weight)
            share = torch.sum(values) / torch.where(total == 0, 1.0, total)
            return torch.where(total == 0, 0.0, share)
    return torch.mean(values)
