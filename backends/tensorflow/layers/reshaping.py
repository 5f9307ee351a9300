"""TensorFlow's ways to reshape a tensor."""

from __future__ import annotations

import math
from collections.abc import Sequence

import tensorflow as tf


def flatten(x: tf.Tensor, *, data_format: str = "channels_last") -> tf.Tensor:
    """composed: tf.experimental.numpy.moveaxis, tf.reshape"""
    first = data_format == "channels_first"
    last = tf.experimental.numpy.moveaxis(x, 1, -1) if first else x
    return tf.reshape(last, (last.shape[0], math.prod(last.shape[1:])))


def reshape(x: tf.Tensor, *, target_shape: Sequence[int]) -> tf.Tensor:
    """native: tf.reshape

    It can't tell what -1 stands for where there is no example.
    """
    known = math.prod(n for n in target_shape if n != -1)
    rest = math.prod(x.shape[1:]) // known
    return tf.reshape(x, (x.shape[0], *(rest if n == -1 else n for n in target_shape)))


def permute(x: tf.Tensor, *, dims: Sequence[int]) -> tf.Tensor:
    """native: tf.transpose"""
    return tf.transpose(x, (0, *dims))


def repeat_vector(x: tf.Tensor, *, n: int) -> tf.Tensor:
    """composed: tf.expand_dims, tf.tile"""
    return tf.tile(tf.expand_dims(x, 1), (1, n, 1))
