"""What an affine map does to bounds and tangents: one sum, or sums that are stored and added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from etalon.backends.numpy import special
from etalon.conformance.arithmetic import bounded, dual
from etalon.conformance.arithmetic.bounded import Bounded, lift
from etalon.conformance.arithmetic.bounded_ufuncs import as_factors


@bounded.FUNCTIONS.implements(special.affine)
def bounded_affine(
    factors: Sequence[Any], kernels: Sequence[Any], biases: Sequence[Any]
) -> Bounded:
    """One affine map, as below, whose biases are not rounded as factors of products may be."""
    working = dual.precision_of(*factors, *kernels, *biases)
    if working.factors is None or working.stores_sums:
        found = affine(factors, kernels, biases)
    else:
        x, kernel = ([as_factors(lift(a, working)) for a in each] for each in (factors, kernels))
        found = affine(x, kernel, biases)
    return Bounded(found.value, found.bound, working)


@dual.FUNCTIONS.implements(special.affine)
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
