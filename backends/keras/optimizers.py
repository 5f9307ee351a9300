"""Applies an optimizer of Keras to one variable, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras.src.utils.jax_utils import is_in_jax_tracing_scope

from etalon.spec.model import Op


def call(
    found: Callable[..., Any],
    op: Op,
    variable: Any,
    gradients: Any,
    *,
    learning_rate: float,
    schedule: str | None = None,
    decay_steps: int = 1,
    decay_rate: float = 1.0,
    **config: Any,
) -> Any:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``."""
    rate: Any = learning_rate
    if schedule is not None:
        of_time = getattr(keras.optimizers.schedules, schedule)
        rate = of_time(learning_rate, decay_steps=decay_steps, decay_rate=decay_rate)
    optimizer = found(learning_rate=rate, **config)
    # Copies, because some optimizers write into the tensor that they are given.
    moving = keras.Variable(keras.ops.copy(variable), dtype=keras.config.floatx())
    if is_in_jax_tracing_scope(gradients):
        return _scanned(optimizer, moving, variable, gradients)
    path = [variable]
    for gradient in gradients:
        optimizer.apply([gradient], [moving])
        path.append(keras.ops.copy(moving.value))
    return keras.ops.stack(path)


def _scanned(optimizer: Any, moving: Any, variable: Any, gradients: Any) -> Any:
    """Return the path by Keras's stateless call in a loop, as it is compiled for JAX."""
    optimizer.build([moving])

    def step(before: Any, gradient: Any) -> tuple[Any, Any]:
        values, state = before
        after = optimizer.stateless_apply(state, [gradient], values)
        return after, after[0][0]

    state = [variable.value for variable in optimizer.variables]
    _, path = keras.ops.scan(step, ([variable], state), gradients)
    return keras.ops.concatenate([variable[None], path])
