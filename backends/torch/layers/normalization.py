"""PyTorch's normalization: of batches and groups channels along axis 1."""

from __future__ import annotations

import torch

FUZZ = 1e-7
"""What Keras adds to the number of what a mask keeps."""


def batch_normalization(
    x: torch.Tensor,
    gamma: torch.Tensor | None,
    beta: torch.Tensor | None,
    moving_mean: torch.Tensor,
    moving_variance: torch.Tensor,
    *,
    training: bool,
    mask: torch.Tensor | None = None,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """native: torch.nn.functional.batch_norm

    Its momentum is the weight of the new statistics, and it writes into the moving ones. It takes
    no mask: training under one is composed of torch.where, torch.sum and torch.sqrt.
    """
    factor, offset = gamma if scale else None, beta if center else None
    if mask is not None and training:
        mean, variance = _moments(x, mask, axis)
        y = _normalized(x, mean, variance, factor, offset, axis, epsilon)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
        return y, moving_mean, moving_variance
    mean, variance = moving_mean.clone(), moving_variance.clone()
    y = torch.nn.functional.batch_norm(
        torch.movedim(x, axis, 1), mean, variance, factor, offset, training, 1 - momentum, epsilon
    )
    return torch.movedim(y, 1, axis), mean, variance


def batch_normalization_keras2(
    x: torch.Tensor,
    gamma: torch.Tensor | None,
    beta: torch.Tensor | None,
    moving_mean: torch.Tensor,
    moving_variance: torch.Tensor,
    *,
    training: bool,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """native: torch.nn.functional.batch_norm

    Its momentum is the weight of the new statistics, and it writes into the moving ones.
    """
    factor, offset = gamma if scale else None, beta if center else None
    mean, variance = moving_mean.clone(), moving_variance.clone()
    y = torch.nn.functional.batch_norm(
        torch.movedim(x, axis, 1), mean, variance, factor, offset, training, 1 - momentum, epsilon
    )
    return torch.movedim(y, 1, axis), mean, variance


def layer_normalization(
    x: torch.Tensor,
    gamma: torch.Tensor | None = None,
    beta: torch.Tensor | None = None,
    *,
    axis: int | tuple[int, ...] = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> torch.Tensor:
    """native: torch.nn.functional.layer_norm

    It normalizes over the last axes.
    """
    axes = _axes(axis)
    last = list(range(-len(axes), 0))
    moved = torch.movedim(x, axes, last)
    factor, offset = gamma if scale else None, beta if center else None
    y = torch.nn.functional.layer_norm(moved, moved.shape[-len(axes) :], factor, offset, epsilon)
    return torch.movedim(y, last, axes)


def rms_normalization(
    x: torch.Tensor,
    scale: torch.Tensor,
    *,
    axis: int | tuple[int, ...] = -1,
    epsilon: float = 1e-6,
) -> torch.Tensor:
    """native: torch.nn.functional.rms_norm

    It normalizes over the last axes.
    """
    axes = _axes(axis)
    last = list(range(-len(axes), 0))
    moved = torch.movedim(x, axes, last)
    y = torch.nn.functional.rms_norm(moved, moved.shape[-len(axes) :], scale, epsilon)
    return torch.movedim(y, last, axes)


def group_normalization(
    x: torch.Tensor,
    gamma: torch.Tensor | None = None,
    beta: torch.Tensor | None = None,
    *,
    groups: int = 32,
    axis: int = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> torch.Tensor:
    """native: torch.nn.functional.group_norm

    It takes channels along axis 1.
    """
    count = x.shape[axis] if groups == -1 else groups
    factor, offset = gamma if scale else None, beta if center else None
    y = torch.nn.functional.group_norm(torch.movedim(x, axis, 1), count, factor, offset, epsilon)
    return torch.movedim(y, 1, axis)


def _axes(axis: int | tuple[int, ...]) -> list[int]:
    return [axis] if isinstance(axis, int) else list(axis)


def _moments(x: torch.Tensor, mask: torch.Tensor, axis: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return mean and variance of each channel, of what the mask keeps."""
    counted = torch.movedim(mask[..., None].expand(x.shape), axis, -1)
    channels, others = torch.movedim(x, axis, -1), list(range(x.ndim - 1))
    count = torch.sum(counted.to(x.dtype), dim=others) + FUZZ
    mean = torch.sum(torch.where(counted, channels, 0), dim=others) / count
    deviations = torch.where(counted, channels - mean, 0)
    return mean, torch.sum(torch.square(deviations), dim=others) / count


def _normalized(
    x: torch.Tensor,
    mean: torch.Tensor,
    variance: torch.Tensor,
    gamma: torch.Tensor | None,
    beta: torch.Tensor | None,
    axis: int,
    epsilon: float,
) -> torch.Tensor:
    """Return the normalized channels: batch_norm takes no derivatives of given statistics."""
    y = (torch.movedim(x, axis, -1) - mean) / torch.sqrt(variance + epsilon)
    y = y if gamma is None else y * gamma
    y = y if beta is None else y + beta
    return torch.movedim(y, -1, axis)
