"""Applies an optimizer of Keras to one variable, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from etalon.spec.model import Op


def call(found: Callable[..., Any], op: Op, variable: Any, gradients: Any, **config: Any) -> Any:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``."""
    optimizer = found(**config)
    # Copies, because some optimizers write into the tensor that they are given.
    moving = keras.Variable(keras.ops.copy(variable), dtype=keras.config.floatx())
    path = [variable]
    for gradient in gradients:
        optimizer.apply([gradient], [moving])
        path.append(keras.ops.copy(moving.value))
    return keras.ops.stack(path)
