"""PyTorch's gradient descent with momentum, and Adam."""

from __future__ import annotations

import torch

from etalon.backends.torch.optimizers.stepping import path


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
    options = {"momentum": momentum, "nesterov": nesterov and momentum != 0}
    return path(torch.optim.SGD, variable, gradients, lr=learning_rate, **options)


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
    options = {"betas": (beta_1, beta_2), "eps": epsilon}
    return path(torch.optim.Adam, variable, gradients, lr=learning_rate, **options)
