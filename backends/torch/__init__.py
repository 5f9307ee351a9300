"""PyTorch as a backend: each adapter calls PyTorch's own operation, on its own layouts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch


def version() -> str:
    """Return PyTorch's version."""
    return str(torch.__version__)


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and ``gpu`` where PyTorch sees one."""
    return ("cpu", "gpu") if torch.cuda.is_available() else ("cpu",)


def placed(device: str) -> AbstractContextManager[Any]:
    """Return PyTorch's own context of a default device."""
    context: AbstractContextManager[Any] = torch.device("cuda" if device == "gpu" else device)
    return context


def from_numpy(array: npt.NDArray[Any]) -> torch.Tensor:
    """Return a tensor on the default device that shares no memory with ``array``."""
    return torch.tensor(array)


def to_numpy(tensor: torch.Tensor) -> npt.NDArray[Any]:
    """Return the numbers of a tensor, wherever it lies."""
    return np.asarray(tensor.detach().cpu().numpy())


def gradients(
    function: Callable[..., tuple[torch.Tensor, ...]],
    tensors: Sequence[torch.Tensor],
    cotangents: Sequence[torch.Tensor],
) -> list[torch.Tensor]:
    """Return the gradient of a function's results, weighted by ``cotangents``, for each tensor.

    Args:
        function: takes the tensors one by one and returns a tuple of results.
        tensors: where the gradient is taken.
        cotangents: one array for each result, of its shape.

    Returns:
        One gradient for each tensor: zeros where no result depends on it.
    """
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
