"""Optimizers that divide by the root of a sum of squares, as Keras 2 had them."""

from __future__ import annotations

from typing import Any

import array_api_strict as xp

Array = Any


def adagrad_keras2(
    variable: Array, gradients: Array, *, learning_rate: float = 0.01, epsilon: float = 1e-7
) -> Array:
    """composed: xp.square, xp.sqrt, xp.stack"""
    values, squares = [variable], xp.zeros_like(variable)
    for step in range(gradients.shape[0]):
        gradient = gradients[step, ...]
        squares = squares + xp.square(gradient)
        change = learning_rate * gradient / (xp.sqrt(squares) + epsilon)
        values.append(values[-1] - change)
    return xp.stack(values)


def rmsprop_keras2(
    variable: Array,
    gradients: Array,
    *,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    epsilon: float = 1e-7,
) -> Array:
    """composed: xp.square, xp.sqrt, xp.stack"""
    values, squares = [variable], xp.zeros_like(variable)
    for step in range(gradients.shape[0]):
        gradient = gradients[step, ...]
        squares = rho * squares + (1 - rho) * xp.square(gradient)
        change = learning_rate * gradient / (xp.sqrt(squares) + epsilon)
        values.append(values[-1] - change)
    return xp.stack(values)
