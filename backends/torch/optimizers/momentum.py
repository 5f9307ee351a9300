"""PyTorch's gradient descent with momentum, and Adam and its kin."""

from __future__ import annotations

from typing import Any

import torch

from etalon.backends.torch.optimizers.stepping import path


def sgd(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float | None = None,
    **options: Any,
) -> torch.Tensor:
    """native: torch.optim.SGD

    Without momentum, where Keras ignores ``nesterov``, SGD refuses it. Its own weight decay goes
    through the momentum, so that of Keras is composed.
    """
    options |= {"momentum": momentum, "nesterov": nesterov and momentum != 0}
    options |= {"lr": learning_rate, "decoupled": weight_decay}
    return path(torch.optim.SGD, variable, gradients, **options)


def adam(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    weight_decay: float | None = None,
    **options: Any,
) -> torch.Tensor:
    """native: torch.optim.Adam"""
    options |= {"lr": learning_rate, "betas": (beta_1, beta_2), "eps": epsilon, "amsgrad": amsgrad}
    options |= {"weight_decay": weight_decay or 0.0, "decoupled_weight_decay": True}
    return path(torch.optim.Adam, variable, gradients, **options)


def adamw(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    weight_decay: float = 0.004,
    **options: Any,
) -> torch.Tensor:
    """native: torch.optim.AdamW"""
    options |= {"lr": learning_rate, "betas": (beta_1, beta_2), "eps": epsilon, "amsgrad": amsgrad}
    return path(torch.optim.AdamW, variable, gradients, weight_decay=weight_decay, **options)


def adamax(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **options: Any,
) -> torch.Tensor:
    """native: torch.optim.Adamax

    It adds epsilon to each gradient's magnitude, Keras to the largest. Its own weight decay goes
    through the moments, so that of Keras is composed.
    """
    options |= {"lr": learning_rate, "betas": (beta_1, beta_2), "eps": epsilon}
    return path(torch.optim.Adamax, variable, gradients, decoupled=weight_decay, **options)


def adamax_keras2(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.002,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> torch.Tensor:
    """native: torch.optim.Adamax

    It adds epsilon to each gradient's magnitude, Keras to the largest.
    """
    options: dict[str, Any] = {"betas": (beta_1, beta_2), "eps": epsilon}
    return path(torch.optim.Adamax, variable, gradients, lr=learning_rate, **options)


def nadam(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    weight_decay: float | None = None,
    **options: Any,
) -> torch.Tensor:
    """native: torch.optim.NAdam

    A momentum decay of 1 makes its 0.96^(momentum_decay · t) the 0.96^t of Keras 3.
    """
    options |= {"lr": learning_rate, "betas": (beta_1, beta_2), "eps": epsilon}
    options |= {"weight_decay": weight_decay or 0.0, "decoupled_weight_decay": True}
    return path(torch.optim.NAdam, variable, gradients, momentum_decay=1.0, **options)


def nadam_keras2(
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    learning_rate: float = 0.002,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    schedule_decay: float = 0.004,
) -> torch.Tensor:
    """native: torch.optim.NAdam"""
    options: dict[str, Any] = {
        "betas": (beta_1, beta_2),
        "eps": epsilon,
        "momentum_decay": schedule_decay,
    }
    return path(torch.optim.NAdam, variable, gradients, lr=learning_rate, **options)
