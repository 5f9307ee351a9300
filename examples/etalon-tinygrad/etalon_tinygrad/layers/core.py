"""tinygrad's core layers."""

from __future__ import annotations

from tinygrad import Tensor

from etalon_tinygrad import activations


def dense(
    x: Tensor,
    kernel: Tensor,
    bias: Tensor | None = None,
    *,
    units: int | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> Tensor:
    """native: Tensor.linear"""
    return activate(Tensor.linear(x, kernel, bias if use_bias else None), activation)


def activate(y: Tensor, activation: str | None) -> Tensor:
    """Apply an activation by its name; ``None`` is linear."""
    return y if activation in (None, "linear") else getattr(activations, activation)(y)
