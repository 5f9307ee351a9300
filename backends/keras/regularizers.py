"""Reads a regularizer's penalty off the losses of a layer that has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from etalon.spec.model import Op


def call(found: Callable[..., Any], op: Op, w: Any, *, role: str = "kernel", **config: Any) -> Any:
    """Return what a layer whose kernel, bias or result is ``w`` adds to the loss."""
    regularizer = found(**config)
    match role:
        case "kernel":
            layer = _with_kernel(w, regularizer)
            weights = [(layer.kernel, w)]
        case "bias":
            layer = keras.layers.Dense(len(w), bias_regularizer=regularizer, dtype=_floatx())
            layer.build((None, 1))
            weights = [(layer.bias, w)]
        case _:
            layer = keras.layers.Activation(
                "linear", activity_regularizer=regularizer, dtype=_floatx()
            )
            weights = []
    with keras.StatelessScope(state_mapping=weights, collect_losses=True):
        if role == "activity":
            layer(w)
        (penalty,) = layer.losses
    return penalty


def _with_kernel(w: Any, regularizer: Any) -> Any:
    """Return a layer, with a kernel of the shape of ``w``: dense, or a convolution."""
    *window, channels, filters = w.shape
    options = {"kernel_regularizer": regularizer, "use_bias": False, "dtype": _floatx()}
    if window:
        convolution = getattr(keras.layers, f"Conv{len(window)}D")
        layer = convolution(filters, tuple(window), **options)
    else:
        layer = keras.layers.Dense(filters, **options)
    layer.build((None, *window, channels))
    return layer


def _floatx() -> str:
    floatx: str = keras.config.floatx()
    return floatx
