"""Losses of numbers, composed: tinygrad has none."""

from __future__ import annotations

from tinygrad import Tensor

from etalon_tinygrad.losses.reduction import reduce


def mean_squared_error(
    y_true: Tensor,
    y_pred: Tensor,
    *,
    sample_weight: Tensor | None = None,
    mask: Tensor | None = None,
    reduction: str = "none",
) -> Tensor:
    """composed: Tensor.square, Tensor.mean"""
    squares = Tensor.square(y_pred - y_true)
    return reduce(Tensor.mean(squares, axis=-1), sample_weight, mask, reduction)


def mean_absolute_error(
    y_true: Tensor,
    y_pred: Tensor,
    *,
    sample_weight: Tensor | None = None,
    mask: Tensor | None = None,
    reduction: str = "none",
) -> Tensor:
    """composed: Tensor.abs, Tensor.mean"""
    sizes = Tensor.abs(y_pred - y_true)
    return reduce(Tensor.mean(sizes, axis=-1), sample_weight, mask, reduction)
