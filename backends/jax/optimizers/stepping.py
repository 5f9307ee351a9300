"""Steps one of Optax's optimizers through given gradients, and what every one shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax

from etalon.backends.jax.glue import traced

Rate = Any
"""A learning rate: a number, or a function that makes one of the count of steps."""

Step = Callable[[jax.Array, Any, jax.Array], tuple[jax.Array, Any]]
"""Makes a variable and a state, with a gradient, into those after a step."""


def path(
    make: Callable[[Rate], Any],
    variable: jax.Array,
    gradients: jax.Array,
    *,
    learning_rate: float,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    schedule: str | None = None,
    decay_steps: int = 1,
    decay_rate: float = 1.0,
) -> jax.Array:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``.

    ``make`` makes an optimizer of a learning rate.
    """
    rate = scheduled(learning_rate, schedule, decay_steps, decay_rate)
    parts = [*clipping(clipnorm, clipvalue, global_clipnorm), make(rate)]
    if weight_decay is not None:
        parts.append(optax.add_decayed_weights(times(-weight_decay, rate)))
    optimizer = optax.chain(*parts)

    def step(value: jax.Array, state: Any, gradient: jax.Array) -> tuple[jax.Array, Any]:
        updates, state = optimizer.update(gradient, state, value)
        return optax.apply_updates(value, updates), state

    return stepped(step, variable, optimizer.init(variable), gradients)


def stepped(step: Step, variable: jax.Array, state: Any, gradients: jax.Array) -> jax.Array:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``.

    Within what is compiled, the steps are a loop, as people compile a step once for all.
    """
    if traced(gradients):

        def scanned(before: tuple[Any, Any], gradient: jax.Array) -> tuple[Any, jax.Array]:
            after = step(*before, gradient)
            return after, after[0]

        _, path = jax.lax.scan(scanned, (variable, state), gradients)
        return jnp.concatenate([variable[None], path])
    values = [variable]
    for gradient in gradients:
        value, state = step(values[-1], state, gradient)
        values.append(value)
    return jnp.stack(values)


def scheduled(
    learning_rate: float, schedule: str | None, decay_steps: int, decay_rate: float
) -> Rate:
    """Return the learning rate as Optax takes it."""
    if schedule == "ExponentialDecay":
        return optax.exponential_decay(learning_rate, decay_steps, decay_rate)
    if schedule == "InverseTimeDecay":
        return lambda count: learning_rate / (1 + decay_rate * count / decay_steps)
    return learning_rate


def times(factor: Rate, rate: Rate) -> Rate:
    """Return the product of two learning rates."""

    def product(count: Any) -> Any:
        return at(factor, count) * at(rate, count)

    return product


def at(rate: Rate, count: Any) -> Any:
    """Return a learning rate after so many steps."""
    return rate(count) if callable(rate) else rate


def clipping(
    clipnorm: float | None, clipvalue: float | None, global_clipnorm: float | None
) -> list[Any]:
    """Return the transformations that clip a gradient.

    It is that of the only variable, so that the norms are one norm.
    """
    parts = [optax.clip_by_global_norm(n) for n in (clipnorm, global_clipnorm) if n is not None]
    return parts if clipvalue is None else [*parts, optax.clip(clipvalue)]
