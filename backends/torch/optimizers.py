"""PyTorch's optimizers, stepped through given gradients."""

from __future__ import annotations

from typing import Any

import torch


def sgd(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> torch.Tensor:
    """native: torch.optim.SGD

    Without momentum, where Keras ignores ``nesterov``, SGD refuses it.
    """
    w = variable.detach().clone()
    ahead = nesterov and momentum != 0
    optimizer = torch.optim.SGD([w], lr=learning_rate, momentum=momentum, nesterov=ahead)
    return _path(optimizer, w, gradients)


def adam(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> torch.Tensor:
    """native: torch.optim.Adam"""
    w = variable.detach().clone()
    optimizer = torch.optim.Adam([w], lr=learning_rate, betas=(beta_1, beta_2), eps=epsilon)
    return _path(optimizer, w, gradients)


def _path(optimizer: Any, w: torch.Tensor, gradients: torch.Tensor) -> torch.Tensor:
    path = [w.clone()]
    for gradient in gradients:
        w.grad = gradient
        optimizer.step()
        path.append(w.clone())
    return torch.stack(path)
