"""tinygrad's losses of probabilities and logits."""

from __future__ import annotations

from tinygrad import Tensor

from etalon_tinygrad.losses.reduction import reduce


def categorical_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    *,
    sample_weight: Tensor | None = None,
    mask: Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """native: Tensor.cross_entropy

    It takes logits, their classes along axis 1. On probabilities, which it does not take, the
    loss is composed of Tensor.clamp, Tensor.log and Tensor.sum.
    """
    if from_logits:
        logits, target = (y.transpose(axis, 1) for y in (y_pred, y_true))
        values = Tensor.cross_entropy(
            logits, target, reduction="none", label_smoothing=label_smoothing
        )
    else:
        target = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[axis]
        scaled = y_pred / y_pred.sum(axis, keepdim=True)
        values = -(target * scaled.clamp(1e-7, 1 - 1e-7).log()).sum(axis)
    return reduce(values, sample_weight, mask, reduction)


def binary_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    *,
    sample_weight: Tensor | None = None,
    mask: Tensor | None = None,
    reduction: str = "none",
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """native: Tensor.binary_crossentropy, Tensor.binary_crossentropy_logits

    The former, of probabilities, clamps nothing.
    """
    target = y_true * (1 - label_smoothing) + label_smoothing / 2
    if from_logits:
        values = Tensor.binary_crossentropy_logits(y_pred, target, reduction="none")
    else:
        kept = y_pred.clamp(1e-7, 1 - 1e-7)
        values = Tensor.binary_crossentropy(kept, target, reduction="none")
    return reduce(values.mean(axis), sample_weight, mask, reduction)
