"""PyTorch's losses of probabilities and logits."""

from __future__ import annotations

import torch

from etalon.backends.torch.losses.reduction import reduce


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
