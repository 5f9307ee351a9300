"""PyTorch's core layers."""

from __future__ import annotations

import torch

from etalon.backends.torch import activations


def dense(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    units: int | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> torch.Tensor:
    """native: torch.nn.functional.linear"""
    y = torch.nn.functional.linear(x, kernel.T, bias if use_bias else None)
    return activate(y, activation)


def activate(y: torch.Tensor, activation: str | None) -> torch.Tensor:
    """Apply an activation by its name; ``None`` is linear."""
    return getattr(activations, activation or "linear")(y)
