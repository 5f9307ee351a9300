"""The definitions of the regularizers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def l2(w: Array, *, l2: float = 0.01) -> Array:
    """``l2 * sum(w ** 2)``, a scalar."""
    return l2 * np.sum(np.square(w))
