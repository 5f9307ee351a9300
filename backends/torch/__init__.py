"""PyTorch as a backend: each adapter calls PyTorch's own operation, on its own layouts."""

from __future__ import annotations

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
