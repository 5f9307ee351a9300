"""TensorFlow's ways to reshape a tensor."""

from __future__ import annotations

import math

import tensorflow as tf


def flatten(x: tf.Tensor, *, data_format: str = "channels_last") -> tf.Tensor:
    """composed: tf.experimental.numpy.moveaxis, tf.reshape"""
    first = data_format == "channels_first"
    last = tf.experimental.numpy.moveaxis(x, 1, -1) if first else x
    return tf.reshape(last, (last.shape[0], math.prod(last.shape[1:])))
