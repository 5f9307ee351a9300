"""PyTorch itself has no metrics; these are composed, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def categorical_accuracy(batches: Sequence[tuple[torch.Tensor, ...]]) -> torch.Tensor:
    """composed: torch.argmax, torch.eq, torch.where, torch.sum"""
    right = total = torch.zeros((), dtype=batches[0][1].dtype)
    for y_true, y_pred, *weights in batches:
        weight = weights[0] if weights else torch.ones_like(y_pred[..., 0])
        same = torch.eq(torch.argmax(y_true, dim=-1), torch.argmax(y_pred, dim=-1))
        right = right + torch.sum(torch.where(same, weight, 0.0))
        total = total + torch.sum(weight)
    return torch.where(total == 0, 0.0, right / total)
