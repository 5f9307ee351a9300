"""Keras's weights, masks and reductions, in tinygrad."""

from __future__ import annotations

from tinygrad import Tensor


def reduce(
    values: Tensor, sample_weight: Tensor | None, mask: Tensor | None, reduction: str
) -> Tensor:
    """Weight the losses of the examples, then reduce them as Keras's ``Loss``."""
    weight = _weight(values, sample_weight, mask, reduction)
    if weight is not None:
        values = values * weight
    match reduction:
        case "none":
            return values
        case "sum":
            return values.sum()
        case "mean_with_sample_weight" if weight is not None:
            total = weight.sum()
            share = values.sum() / (total == 0).where(1.0, total)
            return (total == 0).where(0.0, share)
    return values.mean()


def _weight(
    values: Tensor, sample_weight: Tensor | None, mask: Tensor | None, reduction: str
) -> Tensor | None:
    if mask is None:
        return sample_weight
    counted = mask.cast(values.dtype)
    if reduction == "sum_over_batch_size":
        counted = counted * (mask.numel() / counted.sum().clamp(min_=1))
    return counted if sample_weight is None else sample_weight * counted
