"""The definitions of the pooling layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.windows import (
    Lengths,
    as_given,
    channels_last,
    per_axis,
    windows,
)


def max_pooling2d(
    x: Array,
    *,
    pool_size: Lengths = (2, 2),
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> Array:
    """The largest number of each window; ``same`` pads with minus infinity."""
    size = per_axis(pool_size, 2)
    steps = size if strides is None else per_axis(strides, 2)
    seen = windows(channels_last(x, data_format), size, steps, padding, (1, 1), fill=-np.inf)
    return as_given(np.max(seen, axis=(-2, -1)), data_format)
