"""tinygrad's gradient descent with momentum, and Adam."""

from __future__ import annotations

from typing import Any

from tinygrad import Tensor, nn

from etalon_tinygrad.optimizers.stepping import path


def sgd(
    variable: Tensor,
    gradients: Tensor,
    *,
    learning_rate: float = 0.01,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float | None = None,
    **options: Any,
) -> Tensor:
    """native: nn.optim.SGD

    As ``classic``, it multiplies by the learning rate before the momentum, as Keras does. Its own
    weight decay goes through the momentum, so that of Keras is composed.
    """
    options |= {"momentum": momentum, "nesterov": nesterov, "classic": True}
    options |= {"lr": learning_rate, "decoupled": weight_decay}
    return path(nn.optim.SGD, variable, gradients, **options)


def adam(
    variable: Tensor,
    gradients: Tensor,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
    weight_decay: float | None = None,
    **options: Any,
) -> Tensor:
    """native: nn.optim.AdamW, nn.optim.Adam"""
    if amsgrad:
        raise NotImplementedError("tinygrad's Adam has no amsgrad")
    options |= {"lr": learning_rate, "b1": beta_1, "b2": beta_2, "eps": epsilon}
    if weight_decay is None:
        return path(nn.optim.Adam, variable, gradients, **options)
    return path(nn.optim.AdamW, variable, gradients, weight_decay=weight_decay, **options)
