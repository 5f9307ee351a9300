"""Steps one of tinygrad's optimizers through given gradients, and what every one shares."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tinygrad import Context, Tensor


def path(
    kind: Callable[..., Any],
    variable: Tensor,
    gradients: Tensor,
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
) -> Tensor:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``.

    ``decoupled`` is weight decay that the optimizer itself does not know.
    """
    if sum(limit is not None for limit in (clipnorm, clipvalue, global_clipnorm)) > 1:
        raise ValueError("at most one of clipnorm, clipvalue and global_clipnorm can be given")
    w = variable.clone().realize()
    optimizer = kind([w], lr=lr, **options)
    values = [variable]
    for step in range(gradients.shape[0]):
        rate = lr * decayed(schedule, step / decay_steps, decay_rate)
        optimizer.lr.assign(Tensor([rate], dtype=optimizer.lr.dtype)).realize()
        w.grad = clipped(gradients[step], clipnorm, clipvalue, global_clipnorm)
        if decoupled is not None:
            w.assign(w - rate * decoupled * w).realize()
        with Context(TRAINING=1):
            optimizer.step()
        values.append(w.clone().realize())
    return Tensor.stack(*values)


def decayed(schedule: str | None, time: float, decay_rate: float) -> float:
    """Return the share of the learning rate that a schedule leaves: tinygrad has none of these."""
    match schedule:
        case "ExponentialDecay":
            return float(decay_rate**time)
        case "InverseTimeDecay":
            return 1 / (1 + decay_rate * time)
    return 1.0


def clipped(
    gradient: Tensor,
    clipnorm: float | None,
    clipvalue: float | None,
    global_clipnorm: float | None,
) -> Tensor:
    """Clip a gradient, of which there is only one; an infinite global norm makes it NaN."""
    if clipvalue is not None:
        return gradient.clamp(-clipvalue, clipvalue)
    limit = clipnorm if global_clipnorm is None else global_clipnorm
    if limit is None:
        return gradient
    length = gradient.square().sum().sqrt()
    share = (length <= limit).where(1.0, limit / length)
    return gradient * (share if global_clipnorm is None else length.isinf().where(math.nan, share))
