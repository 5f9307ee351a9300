"""PyTorch's losses of probabilities and logits."""

from __future__ import annotations

from typing import Any

import torch

from etalon.backends.torch.losses.reduction import reduce

NO_LABEL = -100
"""What PyTorch ignores if it is not told otherwise."""


def categorical_crossentropy(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> torch.Tensor:
    """native: torch.nn.functional.cross_entropy

    It takes logits, their classes along axis 1. On probabilities, which it does not take, the
    loss is composed of torch.clamp, torch.log and torch.sum.
    """
    if from_logits:
        logits, target = torch.movedim(y_pred, axis, 1), torch.movedim(y_true, axis, 1)
        values = torch.nn.functional.cross_entropy(
            logits, target, reduction="none", label_smoothing=label_smoothing
        )
    else:
        target = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis]
        scaled = y_pred / torch.sum(y_pred, dim=axis, keepdim=True)
        logs = torch.log(torch.clamp(scaled, 1e-7, 1 - 1e-7))
        values = -torch.sum(target * logs, dim=axis)
    return reduce(values, sample_weight, mask, reduction)


def binary_crossentropy(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> torch.Tensor:
    """native: torch.nn.functional.binary_cross_entropy

    It keeps logarithms, not probabilities, off infinity, so these are clamped before. Of logits,
    it is torch.nn.functional.binary_cross_entropy_with_logits.
    """
    target = y_true * (1 - label_smoothing) + label_smoothing / 2
    if from_logits:
        values = torch.nn.functional.binary_cross_entropy_with_logits(
            y_pred, target, reduction="none"
        )
    else:
        clamped = torch.clamp(y_pred, 1e-7, 1 - 1e-7)
        values = torch.nn.functional.binary_cross_entropy(clamped, target, reduction="none")
    return reduce(torch.mean(values, dim=axis), sample_weight, mask, reduction)


def sparse_categorical_crossentropy(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> torch.Tensor:
    """native: torch.nn.functional.cross_entropy, torch.nn.functional.nll_loss

    They take classes along axis 1, the former of logits, the latter logarithms of probabilities.
    """
    ignored = NO_LABEL if ignore_class is None else ignore_class
    options: dict[str, Any] = {"reduction": "none", "ignore_index": ignored}
    if ignore_class is not None:
        counted = y_true != ignore_class
        mask = counted if mask is None else mask & counted
    labels, classes = y_true.long(), torch.movedim(y_pred, axis, 1)
    if from_logits:
        values = torch.nn.functional.cross_entropy(classes, labels, **options)
    else:
        scaled = classes / torch.sum(classes, dim=1, keepdim=True)
        logs = torch.log(torch.clamp(scaled, 1e-7, 1 - 1e-7))
        values = torch.nn.functional.nll_loss(logs, labels, **options)
    return reduce(values, sample_weight, mask, reduction)


def kl_divergence(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """native: torch.nn.functional.kl_div

    It takes the logarithms of predictions, and clamps nothing.
    """
    logs = torch.log(torch.clamp(y_pred, 1e-7, 1))
    terms = torch.nn.functional.kl_div(logs, torch.clamp(y_true, 1e-7, 1), reduction="none")
    return reduce(torch.sum(terms, dim=-1), sample_weight, mask, reduction)


def poisson(
    y_true: torch.Tensor,
    y_pred: torch.Tensor,
    *,
    sample_weight: torch.Tensor | None = None,
    mask: torch.Tensor | None = None,
    reduction: str = "none",
) -> torch.Tensor:
    """native: torch.nn.functional.poisson_nll_loss"""
    terms = torch.nn.functional.poisson_nll_loss(
        y_pred, y_true, log_input=False, eps=1e-7, reduction="none"
    )
    return reduce(torch.mean(terms, dim=-1), sample_weight, mask, reduction)
