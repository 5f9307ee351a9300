"""Accuracies of PyTorch, their state fed batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

Batches = Sequence[tuple[torch.Tensor, ...]]


def categorical_accuracy(batches: Batches) -> torch.Tensor:
    """composed: torch.argmax, torch.eq"""

    def right(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
        return torch.eq(torch.argmax(y_true, dim=-1), torch.argmax(y_pred, dim=-1))

    return weighted_mean(right, batches)


def sparse_categorical_accuracy(batches: Batches) -> torch.Tensor:
    """composed: torch.argmax, torch.eq"""

    def right(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
        return torch.eq(y_true, torch.argmax(y_pred, dim=-1))

    return weighted_mean(right, batches)


def binary_accuracy(batches: Batches, *, threshold: float = 0.5) -> torch.Tensor:
    """composed: torch.gt, torch.eq, torch.mean"""

    def right(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
        return torch.mean(torch.eq(torch.gt(y_pred, threshold), y_true).to(y_pred.dtype), dim=-1)

    return weighted_mean(right, batches)


def top_k_categorical_accuracy(batches: Batches, *, k: int = 5) -> torch.Tensor:
    """composed: torch.argmax"""
    labelled = [(torch.argmax(y_true, dim=-1), *rest) for y_true, *rest in batches]
    return sparse_top_k_categorical_accuracy(labelled, k=k)


def sparse_top_k_categorical_accuracy(batches: Batches, *, k: int = 5) -> torch.Tensor:
    """composed: torch.gather, torch.gt, torch.sum"""

    def right(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
        own = torch.gather(y_pred, -1, y_true.to(torch.int64)[:, None])
        larger = torch.sum(torch.gt(y_pred, own), dim=-1)
        return torch.logical_and(larger < k, ~torch.isnan(own[:, 0]))

    return weighted_mean(right, batches)


def binary_accuracy_keras2(batches: Batches) -> torch.Tensor:
    """composed: torch.round, torch.eq, torch.mean"""

    def right(y_true: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
        return torch.mean(torch.eq(torch.round(y_pred), y_true).to(y_pred.dtype), dim=-1)

    return weighted_mean(right, batches)


def top_k_categorical_accuracy_keras2(batches: Batches, *, k: int = 5) -> torch.Tensor:
    """composed: torch.argmax"""
    labelled = [(torch.argmax(y_true, dim=-1), y_pred) for y_true, y_pred in batches]
    return sparse_top_k_categorical_accuracy(labelled, k=k)


def weighted_mean(
    right: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], batches: Batches
) -> torch.Tensor:
    """Return the weighted mean of what is right (or how much of it) over all batches."""
    total = count = torch.zeros((), dtype=batches[0][1].dtype)
    for y_true, y_pred, *weights in batches:
        shares = right(y_true, y_pred).to(y_pred.dtype)
        weight = weights[0] if weights else torch.ones_like(shares)
        total = total + torch.sum(weight * shares)
        count = count + torch.sum(weight)
    return torch.where(count == 0, 0.0, total / count)
