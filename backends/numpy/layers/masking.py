"""The definition of masking, and of what a following layer makes of the mask."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array, fixed
from etalon.backends.numpy.layers.global_pooling import global_average_pooling1d


def masking(x: Array, *, mask_value: float = 0.0) -> tuple[Array, Array, Array]:
    """The steps that are not ``mask_value`` throughout, the others as zeros; which; their mean.

    A comparison has no derivative: that of a step that is left out is zero.
    """
    mask = np.any(fixed(x) != mask_value, axis=-1)
    y = np.where(np.expand_dims(mask, -1), x, 0.0)
    return y, mask, global_average_pooling1d(y, mask=mask)
