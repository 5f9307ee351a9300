"""Steps one of PyTorch's optimizers through given gradients, and what every one shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


def path(
    kind: Callable[..., Any],
    variable: torch.Tensor,
    gradients: torch.Tensor,
    *,
    lr: float,
    decoupled: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    schedule: str | None = None,
    decay_steps: int = 1,
    decay_rate: float = 1.0,
    **options: Any,
) -> torch.Tensor:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``.

    ``decoupled`` is weight decay that the optimizer itself does not know. For it is no call in
    PyTorch: as in its AdamW, the variable shrinks before the step.
    """
    w = variable.detach().clone()
    optimizer = kind([w], lr=lr, **options)
    scheduler = scheduled(optimizer, schedule, decay_steps, decay_rate)
    values = [w.clone()]
    for gradient in gradients:
        w.grad = gradient.clone()
        clip(w, clipnorm, clipvalue, global_clipnorm)
        if decoupled is not None:
            w.mul_(1 - optimizer.param_groups[0]["lr"] * decoupled)
        optimizer.step()
        scheduler.step()
        values.append(w.clone())
    return torch.stack(values)


def scheduled(optimizer: Any, schedule: str | None, decay_steps: int, decay_rate: float) -> Any:
    """Return a scheduler of the learning rate, which is constant without a schedule."""
    if schedule == "ExponentialDecay":
        gamma = decay_rate ** (1 / decay_steps)
        return torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma)

    def inverse_time(step: int) -> float:
        return 1 / (1 + decay_rate * step / decay_steps) if schedule else 1.0

    return torch.optim.lr_scheduler.LambdaLR(optimizer, inverse_time)


def clip(
    w: torch.Tensor,
    clipnorm: float | None,
    clipvalue: float | None,
    global_clipnorm: float | None,
) -> None:
    """Clip the gradient of the variable; it is the only one, so that the norms are one norm."""
    if clipnorm is not None:
        torch.nn.utils.clip_grad_norm_([w], clipnorm)
    if global_clipnorm is not None:
        torch.nn.utils.clip_grad_norm_([w], global_clipnorm)
    if clipvalue is not None:
        torch.nn.utils.clip_grad_value_([w], clipvalue)
