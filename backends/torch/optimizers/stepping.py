"""Steps one of PyTorch's optimizers through given gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


def path(
    kind: Callable[..., Any], variable: torch.Tensor, gradients: torch.Tensor, **options: Any
) -> torch.Tensor:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``."""
    w = variable.detach().clone()
    optimizer = kind([w], **options)
    values = [w.clone()]
    for gradient in gradients:
        w.grad = gradient
        optimizer.step()
        values.append(w.clone())
    return torch.stack(values)
