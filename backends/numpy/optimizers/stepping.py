"""What the optimizers share: learning rates, clipping, weight decay, and the path of a variable.

An optimizer itself is a rule, ``rule(gradients, rates, **config)``: it yields, step by step, what
is added to the variable. A rule that yields a tuple leaves it open in which order its terms are
added. ``optimizer`` makes of it a function of a variable and its gradients, with all that Keras 3
does around a rule; ``keras2_optimizer`` without.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from etalon.backends.numpy import Array, special

Changes = Iterator[Array]
Rule = Callable[..., Changes]


def optimizer(
    *, learning_rate: float, weight_decay: float | None = None
) -> Callable[[Rule], Callable[..., Array]]:
    """Return a decorator that makes an optimizer of a rule; the arguments are its defaults."""

    def decorate(rule: Rule) -> Callable[..., Array]:
        def options(
            variable: Array,
            gradients: Array,
            *,
            learning_rate: float = learning_rate,
            weight_decay: float | None = weight_decay,
            clipnorm: float | None = None,
            clipvalue: float | None = None,
            global_clipnorm: float | None = None,
            schedule: str | None = None,
            decay_steps: int = 1,
            decay_rate: float = 1.0,
            **config: Any,
        ) -> Array:
            rates = scheduled(len(gradients), learning_rate, schedule, decay_steps, decay_rate)
            clips = (clipnorm, clipvalue, global_clipnorm)
            within = [clipped(gradient, *clips) for gradient in gradients]
            kept = [None if weight_decay is None else 1 - rate * weight_decay for rate in rates]
            return path(variable, rule(within, rates, **config), kept)

        return _with_config(options, rule)

    return decorate


def keras2_optimizer(*, learning_rate: float) -> Callable[[Rule], Callable[..., Array]]:
    """Return a decorator that makes an optimizer of a rule, as Keras 2 had it."""

    def decorate(rule: Rule) -> Callable[..., Array]:
        def options(
            variable: Array,
            gradients: Array,
            *,
            learning_rate: float = learning_rate,
            **config: Any,
        ) -> Array:
            rates = [learning_rate] * len(gradients)
            return path(variable, rule(gradients, rates, **config), [None] * len(rates))

        return _with_config(options, rule)

    return decorate


def scheduled(
    steps: int, learning_rate: float, schedule: str | None, decay_steps: int, decay_rate: float
) -> list[Any]:
    """Return the learning rate of each step; the first is the initial one."""
    match schedule:
        case "ExponentialDecay":
            return [learning_rate * decay_rate ** (t / decay_steps) for t in range(steps)]
        case "InverseTimeDecay":
            return [learning_rate / (1 + decay_rate * (t / decay_steps)) for t in range(steps)]
    return [learning_rate] * steps


def clipped(
    gradient: Array,
    clipnorm: float | None,
    clipvalue: float | None,
    global_clipnorm: float | None,
) -> Array:
    """Return the gradient with its values, its norm, or the norm of all gradients limited.

    The variable is the only one, so both norms are the same. But the global one makes NaN of all
    numbers where one is infinite.
    """
    if clipvalue is not None:
        return np.maximum(np.minimum(gradient, clipvalue), -clipvalue)
    norm = np.sqrt(np.sum(np.square(gradient)))
    if clipnorm is not None:
        return gradient * clipnorm / np.maximum(norm, clipnorm)
    if global_clipnorm is not None:
        scale = global_clipnorm * (1 / np.maximum(norm, global_clipnorm))
        return gradient * np.where(np.equal(norm, np.inf), np.nan, scale)
    return gradient


def path(variable: Array, changes: Changes, kept: Sequence[Any]) -> Array:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``.

    ``kept`` is, step by step, the part of the variable that weight decay leaves before the step;
    ``None`` stands for all of it.
    """
    values = [variable]
    for change, factor in zip(changes, kept, strict=True):
        decayed = values[-1] if factor is None else values[-1] * factor
        if isinstance(change, tuple):
            values.append(special.added([decayed, *change]))
        else:
            values.append(decayed + change)
    return np.stack(values)


def _with_config(options: Callable[..., Array], rule: Rule) -> Callable[..., Array]:
    """Return ``options`` as the rule is named and documented, with its config in the signature."""
    shared = [p for p in inspect.signature(options).parameters.values() if p.kind != p.VAR_KEYWORD]
    own = [p for p in inspect.signature(rule).parameters.values() if p.kind == p.KEYWORD_ONLY]
    function: Any = functools.wraps(rule)(options)
    function.__signature__ = inspect.Signature([*shared, *own])
    return function  # type: ignore[no-any-return]
