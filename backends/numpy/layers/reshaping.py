"""The definitions of the reshaping layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.windows import channels_last
from etalon.spec.shape_functions import reshaped


def flatten(x: Array, *, data_format: str = "channels_last") -> Array:
    """All numbers of each example in one row, row-major, the channel axis last."""
    last = channels_last(x, data_format)
    return np.reshape(last, (x.shape[0], int(np.prod(last.shape[1:]))))


def reshape(x: Array, *, target_shape: Sequence[int]) -> Array:
    """The numbers of each example, row-major, in another shape; -1 is what is left."""
    return np.reshape(x, (x.shape[0], *reshaped(x.shape[1:], target_shape)))


def permute(x: Array, *, dims: Sequence[int]) -> Array:
    """The axes but the first in another order, counted from 1."""
    return np.transpose(x, (0, *dims))


def repeat_vector(x: Array, *, n: int) -> Array:
    """Each example n times."""
    return np.broadcast_to(np.expand_dims(x, 1), (x.shape[0], n, x.shape[1]))
