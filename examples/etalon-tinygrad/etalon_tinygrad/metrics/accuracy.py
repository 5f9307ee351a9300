"""Accuracies, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinygrad import Tensor

Batches = Sequence[tuple[Tensor, ...]]


def binary_accuracy(batches: Batches, *, threshold: float = 0.5) -> Tensor:
    """composed: Tensor.eq, Tensor.mean"""

    def right(y_true: Tensor, y_pred: Tensor) -> Tensor:
        above = (y_pred > threshold).cast(y_true.dtype)
        return Tensor.mean(Tensor.eq(above, y_true).cast(y_pred.dtype), axis=-1)

    return weighted_mean(right, batches)


def weighted_mean(right: Callable[[Tensor, Tensor], Tensor], batches: Batches) -> Tensor:
    """Return the weighted mean of what is right (or how much of it) over all batches."""
    total = count = Tensor.zeros((), dtype=batches[0][1].dtype)
    for y_true, y_pred, *weights in batches:
        shares = right(y_true, y_pred).cast(y_pred.dtype)
        weight = weights[0] if weights else shares.ones_like()
        total = total + (weight * shares).sum()
        count = count + weight.sum()
    return (count == 0).where(0.0, total / count)
