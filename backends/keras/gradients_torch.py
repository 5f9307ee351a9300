"""How the framework under Keras differentiates: PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch


def gradients(
    function: Callable[..., tuple[torch.Tensor, ...]],
    tensors: Sequence[torch.Tensor],
    cotangents: Sequence[torch.Tensor],
) -> list[torch.Tensor]:
    """Return one gradient for each tensor, as ``etalon.backends.keras.gradients`` says."""
    points = [tensor.detach().requires_grad_() for tensor in tensors]
    pairs = zip(function(*points), cotangents, strict=True)
    known = [(result, weight) for result, weight in pairs if result.requires_grad]
    if not known:
        return [torch.zeros_like(tensor) for tensor in tensors]
    results, weights = zip(*known, strict=True)
    found = torch.autograd.grad(results, points, weights, allow_unused=True)
    return [
        torch.zeros_like(tensor) if gradient is None else gradient
        for gradient, tensor in zip(found, tensors, strict=True)
    ]
