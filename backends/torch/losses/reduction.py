"""Keras's weights, masks and reductions, in PyTorch."""

from __future__ import annotations

import torch


def reduce(
    values: torch.Tensor,
    sample_weight: torch.Tensor | None,
    mask: torch.Tensor | None,
    reduction: str,
) -> torch.Tensor:
    """Weight the losses of the examples, then reduce them as Keras's ``Loss``."""
    weight = _weight(values, sample_weight, mask, reduction)
    if weight is not None:
        values = values * weight
    match reduction:
        case "none":
            return values
        case "sum":
            return torch.sum(values)
        case "mean_with_sample_weight" if weight is not None:
            total = torch.sum(weight)
            share = torch.sum(values) / torch.where(total == 0, 1.0, total)
            return torch.where(total == 0, 0.0, share)
    return torch.mean(values)


def _weight(
    values: torch.Tensor,
    sample_weight: torch.Tensor | None,
    mask: torch.Tensor | None,
    reduction: str,
) -> torch.Tensor | None:
    if mask is None:
        return sample_weight
    counted = mask.to(values.dtype)
    if reduction == "sum_over_batch_size":
        counted = counted * (mask.numel() / torch.clamp(torch.sum(counted), min=1))
    return counted if sample_weight is None else sample_weight * counted
