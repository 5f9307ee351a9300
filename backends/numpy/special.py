"""Functions that NumPy lacks. Arrays of other kinds have rules of their own, as for NumPy's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from etalon.backends.numpy import Array

ROOT_OF_PI = np.sqrt(4 * np.arctan(np.longdouble(1)))
ROOT_OF_2 = np.sqrt(np.longdouble(2))


def softmax_last_axis(x: Array) -> Array:
    """Softmax along the last axis: ``exp(x - max(x)) / sum(exp(x - max(x)))``.

    As one function, since a bound of it is narrower than what its parts would add up to.
    """
    if not isinstance(x, np.ndarray):
        return x.__array_function__(softmax_last_axis, (type(x),), (x,), {})
    exponentials = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def dot_attention(
    query: Array, key: Array, value: Array, scale: Array | None = None, mask: Array | None = None
) -> Array:
    """Values weighted by the softmax of their scores, over what the mask keeps.

    As one function, since the weights add up to 1 whatever their scores are off by: an error of a
    score moves a result by how far its value is from the result, not by the value.
    """
    other = _other([x for x in (query, key, value, scale) if x is not None])
    if other is not None:
        arrays = query, key, value, scale, mask
        return other.__array_function__(dot_attention, (type(other),), arrays, {})
    return softmax_last_axis(dot_scores(query, key, scale, mask)) @ value


def dot_scores(query: Array, key: Array, scale: Array | None, mask: Array | None) -> Array:
    """``scale * query @ key.T``, and minus infinity where the mask is false."""
    products = query @ np.moveaxis(key, -1, -2)
    scores = products if scale is None else scale * products
    return scores if mask is None else np.where(mask, scores, -np.inf)


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


def normal_distribution(x: Array) -> Array:
    """The distribution function of the standard normal distribution: ``(1 + erf(x / √2)) / 2``.

    Computed as ``erfc(-x / √2) / 2``, which is the same, since erf is odd and erfc is what it lacks
    to 1 (Digital Library of Mathematical Functions, 7.4.1 and 7.2.2): where x is negative, the
    sum cancels, and the complement does not.
    """
    if not isinstance(x, np.ndarray | np.generic | float):
        return x.__array_ufunc__(normal_distribution, "__call__", x)
    given = np.asarray(x)
    return (erfc(-given.astype(np.longdouble) / ROOT_OF_2) / 2).astype(given.dtype)


def erfc(x: Array) -> Array:
    """The complementary error function: ``2 / √π`` times the integral of ``exp(-t²)`` from x on.

    Up to 1.5 it is 1 less the series 7.6.2 of the Digital Library of Mathematical Functions, whose
    terms are all positive; above it is the continued fraction 7.9.1.
    """
    given = np.asarray(x)
    wide = given.astype(np.longdouble)
    size = np.minimum(np.abs(wide), 107)  # of which erfc is 0 in all formats
    far, near = np.maximum(size, 1.5), np.minimum(size, 2)
    series, fraction = np.ones_like(size), far + 1
    for n in range(60, 0, -1):
        series = 1 + series * 2 * near * near / (2 * n + 1)
    for n in range(200, 0, -1):
        fraction = far + n / 2 / fraction
    within = 1 - 2 * wide * np.exp(-near * near) * series / ROOT_OF_PI
    beyond = np.exp(-far * far) / (ROOT_OF_PI * fraction)
    y = np.where(wide > 1.5, beyond, np.where(wide < -2, 2 - beyond, within))
    return y.astype(given.dtype)
