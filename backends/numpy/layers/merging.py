"""The definitions of the merging layers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from etalon.backends.numpy import Array, special


def concatenate(x: Sequence[Array], *, axis: int = -1) -> Array:
    """The inputs, one after the other along ``axis``."""
    return np.concatenate(list(x), axis=axis)


def add(x: Sequence[Array]) -> Array:
    """The sum of the inputs."""
    return special.added(x)


def subtract(x: Sequence[Array]) -> Array:
    """The first input less the second."""
    first, second = x
    return first - second


def multiply(x: Sequence[Array]) -> Array:
    """The product of the inputs, from the first to the last."""
    return reduce(np.multiply, x)


def average(x: Sequence[Array]) -> Array:
    """The mean of the inputs: their sum over how many there are."""
    total = special.added(x)
    return total * (1 / np.full_like(total, len(x)))


def maximum(x: Sequence[Array]) -> Array:
    """The largest of the inputs."""
    return np.max(alike(x), axis=0)


def minimum(x: Sequence[Array]) -> Array:
    """The smallest of the inputs."""
    return np.min(alike(x), axis=0)


def dot(x: Sequence[Array], *, axes: int | Sequence[int], normalize: bool = False) -> Array:
    """Sums of products over one axis of each input, for each example.

    y has the other axes of the first input, then those of the second, or one of length 1.
    """
    pair = (axes, axes) if isinstance(axes, int) else axes
    arrays = [np.moveaxis(a, axis, -1) for a, axis in zip(x, pair, strict=True)]
    first, second = (normalized(a) for a in arrays) if normalize else arrays
    batch, *rest, inner = first.shape
    others = second.shape[1:-1]
    rows = np.reshape(first, (batch, int(np.prod(rest)), inner))
    columns = np.reshape(second, (batch, int(np.prod(others)), inner))
    y = rows @ np.moveaxis(columns, 1, 2)
    return np.reshape(y, (batch, *((*rest, *others) or (1,))))


def alike(x: Sequence[Array]) -> Array:
    """Return the inputs, broadcast to one shape, along a new first axis."""
    shape = np.broadcast_shapes(*(a.shape for a in x))
    return np.stack([np.broadcast_to(a, shape) for a in x], axis=0)


def normalized(x: Array) -> Array:
    """Return ``x`` divided by its Euclidean norm along the last axis, at most times 1e7."""
    squares = np.sum(np.square(x), axis=-1, keepdims=True)
    return x * np.minimum(1 / np.sqrt(squares), 1e7)
