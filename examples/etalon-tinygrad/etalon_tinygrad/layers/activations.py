"""tinygrad's activations as layers."""

from __future__ import annotations

from tinygrad import Tensor

from etalon_tinygrad.layers import core


def activation(x: Tensor, *, activation: str | None = None) -> Tensor:
    """composed: core.activate"""
    return core.activate(x, activation)


def elu(x: Tensor, *, alpha: float = 1.0) -> Tensor:
    """native: Tensor.elu"""
    return Tensor.elu(x, alpha)


def leaky_relu(x: Tensor, *, negative_slope: float = 0.3) -> Tensor:
    """native: Tensor.leaky_relu"""
    return Tensor.leaky_relu(x, negative_slope)
