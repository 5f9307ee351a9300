"""PyTorch's losses of numbers."""

from __future__ import annotations

import math

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


def mean_absolute_error(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """native: torch.nn.functional.l1_loss"""
    sizes = torch.nn.functional.l1_loss(y_pred, y_true, reduction="none")
    return reduce(torch.mean(sizes, dim=-1), sample_weight, mask, reduction)


def mean_absolute_percentage_error(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """composed: torch.abs, torch.clamp, torch.mean"""
    errors = torch.abs((y_true - y_pred) / torch.clamp(torch.abs(y_true), min=1e-7))
    return reduce(100 * torch.mean(errors, dim=-1), sample_weight, mask, reduction)


def mean_squared_logarithmic_error(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """composed: torch.clamp, torch.log1p, torch.nn.functional.mse_loss"""
    logs = [torch.log1p(torch.clamp(y, min=1e-7)) for y in (y_pred, y_true)]
    squares = torch.nn.functional.mse_loss(*logs, reduction="none")
    return reduce(torch.mean(squares, dim=-1), sample_weight, mask, reduction)


def log_cosh(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """composed: torch.logaddexp, torch.mean"""
    error = y_pred - y_true
    values = torch.logaddexp(error, -error) - math.log(2)
    return reduce(torch.mean(values, dim=-1), sample_weight, mask, reduction)


def huber(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
    delta: float = 1.0,
) -> torch.Tensor:
    """native: torch.nn.functional.huber_loss"""
    values = torch.nn.functional.huber_loss(y_pred, y_true, reduction="none", delta=delta)
    return reduce(torch.mean(values, dim=-1), sample_weight, mask, reduction)


def cosine_similarity(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
    axis: int = -1,
) -> torch.Tensor:
    """native: torch.nn.functional.cosine_similarity"""
    values = -torch.nn.functional.cosine_similarity(y_true, y_pred, dim=axis, eps=1e-7)
    return reduce(values, sample_weight, mask, reduction)
