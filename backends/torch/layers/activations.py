"""PyTorch's activation layers."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from etalon.backends.torch import activations
from etalon.backends.torch.layers import core


def activation(x: torch.Tensor, *, activation: str | None = None) -> torch.Tensor:
    """composed: core.activate"""
    return core.activate(x, activation)


def elu(x: torch.Tensor, *, alpha: float = 1.0) -> torch.Tensor:
    """native: torch.nn.ELU"""
    return torch.nn.ELU(alpha)(x)


def leaky_relu(x: torch.Tensor, *, negative_slope: float = 0.3) -> torch.Tensor:
    """native: torch.nn.LeakyReLU"""
    return torch.nn.LeakyReLU(negative_slope)(x)


def prelu(
    x: torch.Tensor, alpha: torch.Tensor, *, shared_axes: Sequence[int] | int | None = None
) -> torch.Tensor:
    """native: torch.nn.functional.prelu

    It takes a slope for each channel, the axis behind the batch: each number is a channel here.
    """
    slopes = alpha.expand(x.shape[1:]).flatten()
    return torch.nn.functional.prelu(x.flatten(1), slopes).reshape(x.shape)


def relu(
    x: torch.Tensor,
    *,
    max_value: float | None = None,
    negative_slope: float = 0.0,
    threshold: float = 0.0,
) -> torch.Tensor:
    """composed: activations.relu"""
    return activations.relu(
        x, negative_slope=negative_slope, max_value=max_value, threshold=threshold
    )


def softmax(
    x: torch.Tensor, *, mask: torch.Tensor | None = None, axis: int | Sequence[int] = -1
) -> torch.Tensor:
    """native: torch.nn.functional.softmax

    It takes one axis, so several are made one, and no mask, so torch.where puts -inf in place.
    """
    kept = x if mask is None else torch.where(mask, x, -torch.inf)
    axes = [axis] if isinstance(axis, int) else list(axis)
    last = list(range(-len(axes), 0))
    moved = torch.movedim(kept, axes, last)
    flat = torch.nn.functional.softmax(moved.flatten(-len(axes)), dim=-1)
    y = torch.movedim(flat.reshape(moved.shape), last, axes)
    return y if mask is None else torch.where(mask, y, 0)


def thresholded_relu(x: torch.Tensor, *, theta: float = 1.0) -> torch.Tensor:
    """native: torch.nn.Threshold"""
    return torch.nn.Threshold(theta, 0.0)(x)
