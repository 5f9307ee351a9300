"""PyTorch's losses of margins: it has none of one margin for each label."""

from __future__ import annotations

import torch

from etalon.backends.torch.losses.reduction import reduce


def hinge(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """composed: torch.relu, torch.mean"""
    terms = torch.relu(1 - _signs(y_true) * y_pred)
    return reduce(torch.mean(terms, dim=-1), sample_weight, mask, reduction)


def hinge_keras2(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """composed: torch.relu, torch.mean"""
    terms = torch.relu(1 - y_true * y_pred)
    return reduce(torch.mean(terms, dim=-1), sample_weight, mask, reduction)


def squared_hinge(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """composed: torch.relu, torch.square, torch.mean"""
    terms = torch.square(torch.relu(1 - _signs(y_true) * y_pred))
    return reduce(torch.mean(terms, dim=-1), sample_weight, mask, reduction)


def squared_hinge_keras2(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """composed: torch.relu, torch.square, torch.mean"""
    terms = torch.square(torch.relu(1 - y_true * y_pred))
    return reduce(torch.mean(terms, dim=-1), sample_weight, mask, reduction)


def categorical_hinge(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """composed: torch.amax, torch.sum, torch.relu"""
    own = torch.sum(y_true * y_pred, dim=-1)
    others = torch.amax((1 - y_true) * y_pred, dim=-1)
    return reduce(torch.relu(others - own + 1), sample_weight, mask, reduction)


def _signs(y_true: torch.Tensor) -> torch.Tensor:
    binary = torch.all((y_true == 0) | (y_true == 1))
    return torch.where(binary, 2 * y_true - 1, y_true)
