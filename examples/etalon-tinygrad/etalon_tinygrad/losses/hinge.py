"""Losses of margins, composed: tinygrad has none."""

from __future__ import annotations

from tinygrad import Tensor

from etalon_tinygrad.losses.reduction import reduce


def hinge(
    y_true: Tensor,
    y_pred: Tensor,
    *,
    sample_weight: Tensor | None = None,
    mask: Tensor | None = None,
    reduction: str = "none",
) -> Tensor:
    """composed: Tensor.relu, Tensor.mean"""
    terms = Tensor.relu(1 - _signs(y_true) * y_pred)
    return reduce(Tensor.mean(terms, axis=-1), sample_weight, mask, reduction)


def _signs(y_true: Tensor) -> Tensor:
    binary = ((y_true == 0) | (y_true == 1)).all()
    return binary.where(2 * y_true - 1, y_true)
