"""TensorFlow's ways to merge tensors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import tensorflow as tf


def concatenate(x: Sequence[tf.Tensor], *, axis: int = -1) -> tf.Tensor:
    """native: tf.concat"""
    return tf.concat(x, axis)


def add(x: Sequence[tf.Tensor]) -> tf.Tensor:
    """native: tf.add"""
    return reduce(tf.add, x)


def subtract(x: Sequence[tf.Tensor]) -> tf.Tensor:
    """native: tf.subtract"""
    first, second = x
    return tf.subtract(first, second)


def multiply(x: Sequence[tf.Tensor]) -> tf.Tensor:
    """native: tf.multiply"""
    return reduce(tf.multiply, x)


def average(x: Sequence[tf.Tensor]) -> tf.Tensor:
    """composed: tf.add"""
    return reduce(tf.add, x) / len(x)


def maximum(x: Sequence[tf.Tensor]) -> tf.Tensor:
    """native: tf.maximum"""
    return reduce(tf.maximum, x)


def minimum(x: Sequence[tf.Tensor]) -> tf.Tensor:
    """native: tf.minimum"""
    return reduce(tf.minimum, x)


def dot(x: Sequence[tf.Tensor], *, axes: int | Sequence[int], normalize: bool = False) -> tf.Tensor:
    """composed: tf.linalg.l2_normalize, tf.einsum"""
    pair = (axes, axes) if isinstance(axes, int) else axes
    if normalize:
        x = [
            tf.linalg.l2_normalize(a, axis, epsilon=1e-14) for a, axis in zip(x, pair, strict=True)
        ]
    terms = [_term(a, axis, names) for a, axis, names in zip(x, pair, ("cde", "fgh"), strict=True)]
    rest = "".join(terms).replace("b", "").replace("i", "")
    y = tf.einsum(f"{terms[0]},{terms[1]}->b{rest}", *x)
    return y if rest else tf.expand_dims(y, 1)


def _term(x: tf.Tensor, axis: int, names: str) -> str:
    """Name the axes of an input: b the batch, i the one that is summed over."""
    letters = list("b" + names[: len(x.shape) - 2])
    letters.insert(axis % len(x.shape), "i")
    return "".join(letters)
