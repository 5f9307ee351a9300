"""Functions that NumPy lacks. Arrays of other kinds have rules of their own, as for NumPy's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from etalon.backends.numpy import Array

ROOT_OF_PI = np.sqrt(4 * np.arctan(np.longdouble(1)))


def softmax_last_axis(x: Array) -> Array:
    """Softmax along the last axis: ``exp(x - max(x)) / sum(exp(x - max(x)))``.

    As one function, since a bound of it is narrower than what its parts would add up to.
    """
    if not isinstance(x, np.ndarray):
        return x.__array_function__(softmax_last_axis, (type(x),), (x,), {})
    exponentials = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def added(parts: Sequence[Array]) -> Array:
    """The sum of arrays, element by element, in any order; what is stored between is rounded."""
    other = _other(parts)
    if other is not None:
        return other.__array_function__(added, (type(other),), (parts,), {})
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def affine(factors: Sequence[Array], kernels: Sequence[Array], biases: Sequence[Array]) -> Array:
    """The sum of ``factor @ kernel`` over the pairs, plus the biases.

    In which order all the products and biases are added is nobody's promise; an implementation may
    also store each matrix product, and add these and the biases.
    """
    other = _other([*factors, *kernels, *biases])
    if other is not None:
        return other.__array_function__(affine, (type(other),), (factors, kernels, biases), {})
    return added([*(x @ kernel for x, kernel in zip(factors, kernels, strict=True)), *biases])


def _other(arrays: Sequence[Any]) -> Any:
    """Return the first array that is not NumPy's: of the kind that knows the others."""
    others = [x for x in arrays if not isinstance(x, np.ndarray | np.generic)]
    return max(others, key=lambda x: hasattr(x, "tangent"), default=None)


def erf(x: Array) -> Array:
    """The error function: ``2 / √π`` times the integral of ``exp(-t²)`` from 0 to x.

    Up to 2 by the series 7.6.2 of the Digital Library of Mathematical Functions, whose terms are
    all positive; above by the continued fraction 7.9.1 of what is left to 1.
    """
    if not isinstance(x, np.ndarray | np.generic | float):
        return x.__array_ufunc__(erf, "__call__", x)
    given = np.asarray(x)
    size = np.minimum(np.abs(given.astype(np.longdouble)), 7)  # of which erf is 1 to the last digit
    series, fraction = np.ones_like(size), size + 1
    for n in range(60, 0, -1):
        series = 1 + series * 2 * size * size / (2 * n + 1)
    for n in range(120, 0, -1):
        fraction = size + n / 2 / fraction
    falling = np.exp(-size * size)
    near, far = 2 * size * falling * series / ROOT_OF_PI, 1 - falling / (ROOT_OF_PI * fraction)
    return np.copysign(np.where(size < 2, near, far), given).astype(given.dtype)
