"""The definitions of the reshaping layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.windows import channels_last


def flatten(x: Array, *, data_format: str = "channels_last") -> Array:
    """All numbers of each example in one row, row-major, the channel axis last."""
    last = channels_last(x, data_format)
    return np.reshape(last, (x.shape[0], int(np.prod(last.shape[1:]))))
