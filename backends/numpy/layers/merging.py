"""The definitions of the merging layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etalon.backends.numpy import Array


def concatenate(x: Sequence[Array], *, axis: int = -1) -> Array:
    """The inputs, one after the other along ``axis``."""
    return np.concatenate(list(x), axis=axis)
