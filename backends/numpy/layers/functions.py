"""The definition of the layer that makes a layer of a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from etalon.backends.numpy import Array

EPSILON = 1e-7
"""The least norm that Keras 3 divides by."""


def lambda_(x: Array, *, function: str) -> Array:
    """``function(x)``, for a function of this module or of NumPy by its name."""
    return FUNCTIONS[function](x)


def scaled_tanh(x: Array) -> Array:
    """``1.7159 * tanh(2 / 3 * x)``."""
    return 1.7159 * np.tanh(2 / 3 * x)


def antirectifier(x: Array) -> Array:
    """Both signs of the normalised differences from the mean, each without the other, on axis 1."""
    centred = x - np.mean(x, axis=1, keepdims=True)
    norm = np.sqrt(np.sum(np.square(centred), axis=1, keepdims=True))
    unit = centred / np.maximum(norm, EPSILON)
    return np.concatenate([np.maximum(unit, 0.0), np.maximum(-unit, 0.0)], axis=1)


FUNCTIONS: Mapping[str, Callable[[Array], Array]] = {
    "square": np.square,
    "negative": np.negative,
    "scaled_tanh": scaled_tanh,
    "antirectifier": antirectifier,
}
