"""PyTorch's activations."""

from __future__ import annotations

import torch


def linear(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.Identity"""
    return torch.nn.Identity()(x)


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


def log_softmax(x: torch.Tensor, *, axis: int = -1) -> torch.Tensor:
    """native: torch.nn.functional.log_softmax"""
    return torch.nn.functional.log_softmax(x, dim=axis)


def selu(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.functional.selu"""
    return torch.nn.functional.selu(x)


def exponential(x: torch.Tensor) -> torch.Tensor:
    """native: torch.exp"""
    return torch.exp(x)


def tanh(x: torch.Tensor) -> torch.Tensor:
    """native: torch.tanh"""
    return torch.tanh(x)


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """native: torch.sigmoid"""
    return torch.sigmoid(x)


def hard_sigmoid(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.functional.hardsigmoid"""
    return torch.nn.functional.hardsigmoid(x)


def hard_sigmoid_keras2(x: torch.Tensor) -> torch.Tensor:
    """composed: torch.clamp"""
    return torch.clamp(0.2 * x + 0.5, 0, 1)


def relu6(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.functional.relu6"""
    return torch.nn.functional.relu6(x)


def hard_tanh(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.functional.hardtanh"""
    return torch.nn.functional.hardtanh(x)


def leaky_relu(x: torch.Tensor, *, negative_slope: float = 0.2) -> torch.Tensor:
    """native: torch.nn.functional.leaky_relu"""
    return torch.nn.functional.leaky_relu(x, negative_slope)


def softplus(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.functional.softplus

    Beyond its threshold it is x, by default from 20 on, which is early for float64.
    """
    return torch.nn.functional.softplus(x, threshold=40)


def softsign(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.functional.softsign"""
    return torch.nn.functional.softsign(x)


def silu(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.functional.silu"""
    return torch.nn.functional.silu(x)


def mish(x: torch.Tensor) -> torch.Tensor:
    """native: torch.nn.functional.mish"""
    return torch.nn.functional.mish(x)


def gelu(x: torch.Tensor, *, approximate: bool = False) -> torch.Tensor:
    """native: torch.nn.functional.gelu"""
    return torch.nn.functional.gelu(x, approximate="tanh" if approximate else "none")
