"""TensorFlow's padding and slices."""

from __future__ import annotations

from typing import Any

import tensorflow as tf


def cropping1d(x: tf.Tensor, *, cropping: Any = (1, 1)) -> tf.Tensor:
    """native: tf.slice"""
    around = _around(cropping, 1, "channels_last")
    begin = [before for before, _ in around]
    return tf.slice(x, begin, [n - sum(pair) for n, pair in zip(x.shape, around, strict=True)])


def cropping2d(
    x: tf.Tensor, *, cropping: Any = ((0, 0), (0, 0)), data_format: str = "channels_last"
) -> tf.Tensor:
    """native: tf.slice"""
    around = _around(cropping, 2, data_format)
    begin = [before for before, _ in around]
    return tf.slice(x, begin, [n - sum(pair) for n, pair in zip(x.shape, around, strict=True)])


def cropping3d(
    x: tf.Tensor, *, cropping: Any = ((1, 1), (1, 1), (1, 1)), data_format: str = "channels_last"
) -> tf.Tensor:
    """native: tf.slice"""
    around = _around(cropping, 3, data_format)
    begin = [before for before, _ in around]
    return tf.slice(x, begin, [n - sum(pair) for n, pair in zip(x.shape, around, strict=True)])


def zero_padding1d(x: tf.Tensor, *, padding: Any = 1) -> tf.Tensor:
    """native: tf.pad"""
    return tf.pad(x, _around(padding, 1, "channels_last"))


def zero_padding2d(
    x: tf.Tensor, *, padding: Any = (1, 1), data_format: str = "channels_last"
) -> tf.Tensor:
    """native: tf.pad"""
    return tf.pad(x, _around(padding, 2, data_format))


def zero_padding3d(
    x: tf.Tensor, *, padding: Any = (1, 1, 1), data_format: str = "channels_last"
) -> tf.Tensor:
    """native: tf.pad"""
    return tf.pad(x, _around(padding, 3, data_format))


def _around(value: Any, axes: int, data_format: str) -> list[tuple[int, int]]:
    """Return what to cut off or add before and after along every axis of the input."""
    if isinstance(value, int):
        pairs = [(value, value)] * axes
    elif axes == 1:
        pairs = [(value[0], value[1])]
    else:
        pairs = [(each, each) if isinstance(each, int) else (each[0], each[1]) for each in value]
    first = [(0, 0)] if data_format == "channels_last" else [(0, 0), (0, 0)]
    return [*first, *pairs, *([(0, 0)] if data_format == "channels_last" else [])]
