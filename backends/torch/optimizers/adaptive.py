"""PyTorch's optimizers that divide by the root mean square of gradients."""

from __future__ import annotations

import torch

from etalon.backends.torch.optimizers.stepping import path


def rmsprop(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
) -> torch.Tensor:
    """native: torch.optim.RMSprop

    It adds epsilon outside the root, as Keras 2 did.
    """
    options = {"alpha": rho, "momentum": momentum, "eps": epsilon, "centered": centered}
    return path(torch.optim.RMSprop, variable, gradients, lr=learning_rate, **options)


def rmsprop_keras2(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> torch.Tensor:
    """native: torch.optim.RMSprop"""
    options = {"alpha": rho, "eps": epsilon}
    return path(torch.optim.RMSprop, variable, gradients, lr=learning_rate, **options)


def adadelta(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> torch.Tensor:
    """native: torch.optim.Adadelta"""
    options = {"rho": rho, "eps": epsilon}
    return path(torch.optim.Adadelta, variable, gradients, lr=learning_rate, **options)


def adadelta_keras2(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 1.0,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> torch.Tensor:
    """native: torch.optim.Adadelta"""
    options = {"rho": rho, "eps": epsilon}
    return path(torch.optim.Adadelta, variable, gradients, lr=learning_rate, **options)
