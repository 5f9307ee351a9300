"""PyTorch's optimizers that divide by the root of a sum or mean of squares.

The weight decay of these goes through the squares, so that of Keras is composed.
"""

from __future__ import annotations

from typing import Any

import torch

from etalon.backends.torch.optimizers.stepping import path


def adagrad(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    initial_accumulator_value: float = 0.1,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **options: Any,
) -> torch.Tensor:
    """native: torch.optim.Adagrad

    It adds epsilon outside the root. Inside, it is part of the sum's initial value.
    """
    options |= {"initial_accumulator_value": initial_accumulator_value + epsilon, "eps": 0.0}
    options |= {"lr": learning_rate, "decoupled": weight_decay}
    return path(torch.optim.Adagrad, variable, gradients, **options)


def adagrad_keras2(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.01,
    epsilon: float = 1e-7,
) -> torch.Tensor:
    """native: torch.optim.Adagrad"""
    return path(torch.optim.Adagrad, variable, gradients, lr=learning_rate, eps=epsilon)


def rmsprop(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
    weight_decay: float | None = None,
    **options: Any,
) -> torch.Tensor:
    """native: torch.optim.RMSprop

    It adds epsilon outside the root, as Keras 2 did.
    """
    options |= {"alpha": rho, "momentum": momentum, "eps": epsilon, "centered": centered}
    options |= {"lr": learning_rate, "decoupled": weight_decay}
    return path(torch.optim.RMSprop, variable, gradients, **options)


def rmsprop_keras2(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> torch.Tensor:
    """native: torch.optim.RMSprop"""
    options: dict[str, Any] = {"alpha": rho, "eps": epsilon}
    return path(torch.optim.RMSprop, variable, gradients, lr=learning_rate, **options)


def adadelta(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.95,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **options: Any,
) -> torch.Tensor:
    """native: torch.optim.Adadelta"""
    options |= {"lr": learning_rate, "rho": rho, "eps": epsilon, "decoupled": weight_decay}
    return path(torch.optim.Adadelta, variable, gradients, **options)


def adadelta_keras2(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 1.0,
    rho: float = 0.95,
    epsilon: float = 1e-7,
) -> torch.Tensor:
    """native: torch.optim.Adadelta"""
    options: dict[str, Any] = {"rho": rho, "eps": epsilon}
    return path(torch.optim.Adadelta, variable, gradients, lr=learning_rate, **options)
