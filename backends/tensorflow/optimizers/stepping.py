"""Steps a variable of TensorFlow through given gradients, and what every optimizer shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

Step = Callable[[tf.Variable, tf.Tensor, tf.Tensor, int], Any]
"""Moves a variable by its gradient and the learning rate in the step of this number, from 1."""
Call = Callable[..., Any]
Number = float | Callable[[int], float]
"""A number of a kernel, the same in all steps or one for each."""


def path(
    step: Step,
    variable: tf.Tensor,
    gradients: tf.Tensor,
    *,
    learning_rate: float,
    weight_decay: float | None = None,
    clipnorm: float | None = None,
    clipvalue: float | None = None,
    global_clipnorm: float | None = None,
    schedule: str | None = None,
    decay_steps: int = 1,
    decay_rate: float = 1.0,
) -> tf.Tensor:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``.

    No kernel knows weight decay: it is composed.
    """
    w, values = tf.Variable(variable), [variable]
    initial = tf.constant(learning_rate, w.dtype)
    for t, gradient in enumerate(gradients):
        rate = scheduled(initial, t, schedule, decay_steps, decay_rate)
        if weight_decay is not None:
            w.assign_sub(w * weight_decay * rate)
        step(w, clipped(gradient, clipnorm, clipvalue, global_clipnorm), rate, t + 1)
        values.append(tf.identity(w))
    return tf.stack(values)


def kernel(call: Call, like: tf.Tensor, state: dict[str, float], **numbers: Number) -> Step:
    """Return the step that a kernel makes, which writes into variables.

    ``state`` holds the kernel's arguments that it moves on, with their initial values.
    """
    slots = {name: tf.Variable(tf.fill(like.shape, first)) for name, first in initial(state, like)}
    handles = {name: slot.handle for name, slot in slots.items()}

    def step(w: tf.Variable, gradient: tf.Tensor, rate: tf.Tensor, t: int) -> None:
        each = {name: x(t) if callable(x) else x for name, x in numbers.items()}
        scalars = {name: tf.constant(x, w.dtype) for name, x in each.items()}
        call(var=w.handle, **handles, **scalars, lr=rate, grad=gradient)

    return step


def initial(state: dict[str, float], like: tf.Tensor) -> list[tuple[str, tf.Tensor]]:
    """Return the initial values as tensors of a dtype."""
    return [(name, tf.constant(first, like.dtype)) for name, first in state.items()]


def scheduled(
    rate: tf.Tensor, step: int, schedule: str | None, decay_steps: int, decay_rate: float
) -> tf.Tensor:
    """Return the learning rate of a step, counted from 0."""
    if schedule is None:
        return rate
    known = {
        "ExponentialDecay": tf.compat.v1.train.exponential_decay,
        "InverseTimeDecay": tf.compat.v1.train.inverse_time_decay,
    }
    # A number of Python's would be cast through float32.
    return known[schedule](rate, step, decay_steps, tf.constant(decay_rate, rate.dtype))()


def clipped(
    gradient: tf.Tensor,
    clipnorm: float | None,
    clipvalue: float | None,
    global_clipnorm: float | None,
) -> tf.Tensor:
    """Return the clipped gradient; it is that of the only variable."""
    if clipnorm is not None:
        gradient = tf.clip_by_norm(gradient, clipnorm)
    if global_clipnorm is not None:
        (gradient,), _ = tf.clip_by_global_norm([gradient], global_clipnorm)
    if clipvalue is not None:
        gradient = tf.clip_by_value(gradient, -clipvalue, clipvalue)
    return gradient
