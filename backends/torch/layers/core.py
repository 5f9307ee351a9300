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


def embedding(
    x: torch.Tensor,
    embeddings: torch.Tensor,
    *,
    input_dim: int | None = None,
    output_dim: int | None = None,
) -> torch.Tensor:
    """native: torch.nn.functional.embedding"""
    return torch.nn.functional.embedding(x, embeddings)


def einsum_dense(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    equation: str,
    output_shape: tuple[int, ...] | None = None,
    activation: str | None = None,
    bias_axes: str | None = None,
) -> torch.Tensor:
    """native: torch.einsum"""
    y = torch.einsum(equation, x, kernel)
    return activate(y if bias_axes is None else y + bias, activation)


def activate(y: torch.Tensor, activation: str | None) -> torch.Tensor:
    """Apply an activation by its name; ``None`` is linear."""
    return getattr(activations, activation or "linear")(y)
