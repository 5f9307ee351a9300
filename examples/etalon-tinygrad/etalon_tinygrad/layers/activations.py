"""tinygrad's activations as layers."""

from __future__ import annotations

from collections.abc import Sequence

from tinygrad import Tensor

from etalon_tinygrad import activations
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


def prelu(x: Tensor, alpha: Tensor, *, shared_axes: Sequence[int] | int | None = None) -> Tensor:
    """composed: Tensor.where"""
    return Tensor.where(x < 0, alpha * x, x)


def relu(
    x: Tensor,
    *,
    max_value: float | None = None,
    negative_slope: float = 0.0,
    threshold: float = 0.0,
) -> Tensor:
    """composed: activations.relu"""
    return activations.relu(
        x, negative_slope=negative_slope, max_value=max_value, threshold=threshold
    )


def softmax(x: Tensor, *, mask: Tensor | None = None, axis: int | Sequence[int] = -1) -> Tensor:
    """native: Tensor.softmax

    It takes several axes, but no mask, so Tensor.where puts -inf in place.
    """
    kept = x if mask is None else mask.where(x, -float("inf"))
    y = Tensor.softmax(kept, axis=axis if isinstance(axis, int) else tuple(axis))
    return y if mask is None else mask.where(y, 0)
