"""What an affine map does to bounds and tangents: one sum, or sums that are stored and added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from etalon.backends.numpy import special
from etalon.conformance.arithmetic import bounded, dual


@dual.FUNCTIONS.implements(special.affine)
@bounded.FUNCTIONS.implements(special.affine)
def affine(factors: Sequence[Any], kernels: Sequence[Any], biases: Sequence[Any]) -> Any:
    """Where sums are stored as they are accumulated, one sum: a bias is the weight of a 1.

    Where the accumulator is wider, it makes a difference whether a product is stored before the
    bias is added, and implementations do.
    """
    if dual.precision_of(*factors, *kernels, *biases).stores_sums:
        products = [x @ kernel for x, kernel in zip(factors, kernels, strict=True)]
        return special.added([*products, *biases])
    ones = [np.ones_like(factors[0][..., :1]) for _ in biases]
    rows: Any = np.concatenate([*factors, *ones], axis=-1)
    return rows @ np.concatenate([*kernels, *biases], axis=-2)
