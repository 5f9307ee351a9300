"""The functions that ``keras.layers.Lambda`` is judged with, in Keras's own operations."""

from __future__ import annotations

from typing import Any

import keras

Tensor = Any


def square(x: Tensor) -> Tensor:
    """Return the squares."""
    return keras.ops.square(x)


def negative(x: Tensor) -> Tensor:
    """Return the numbers with the other sign."""
    return keras.ops.negative(x)


def scaled_tanh(x: Tensor) -> Tensor:
    """Return a hyperbolic tangent that takes 1 to 1."""
    return 1.7159 * keras.ops.tanh(2 / 3 * x)


def antirectifier(x: Tensor) -> Tensor:
    """Return both signs of what is normalised on axis 1, as an example of Keras 2 has it."""
    x = x - keras.ops.mean(x, axis=1, keepdims=True)
    x = keras.ops.normalize(x, axis=1)
    return keras.ops.concatenate([keras.ops.relu(x), keras.ops.relu(-x)], axis=1)
