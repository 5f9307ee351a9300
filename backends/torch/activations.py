"""PyTorch's activations."""

from __future__ import annotations

import torch


def linear(x: torch.Tensor) -> torch.Tensor:
    """composed: nothing, y is x"""
    return x


def relu(
    x: torch.Tensor,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> torch.Tensor:
    """native: torch.nn.functional.relu, torch.nn.functional.leaky_relu

    They know no threshold and no maximum; torch.where and torch.clamp add these.
    """
    above = x - threshold
    if negative_slope:
        y = torch.nn.functional.leaky_relu(above, negative_slope)
    else:
        y = torch.nn.functional.relu(above)
    if threshold:
        y = torch.where(x < threshold, y, x)
    return y if max_value is None else torch.clamp(y, max=max_value)


def softmax(x: torch.Tensor, *, axis: int = -1) -> torch.Tensor:
    """native: torch.nn.functional.softmax"""
    return torch.nn.functional.softmax(x, dim=axis)


def elu(x: torch.Tensor, *, alpha: float = 1.0) -> torch.Tensor:
    """native: torch.nn.functional.elu"""
    return torch.nn.functional.elu(x, alpha)
