"""How sums of products are accumulated: in few digits, towards zero, one by one or by blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]
SINGLE = 24
"""The digits of float32."""
HOPPER = 14
"""Those that the aligned products keep which Hopper's tensor cores add in float8."""


def in_float32(x: Numbers, kernel: Numbers) -> Numbers:
    """Add product after product in float32, to nearest."""
    total = np.zeros((len(x), kernel.shape[1]), np.float32)
    for k in range(x.shape[1]):
        total += x[:, k, None].astype(np.float32) * kernel[k].astype(np.float32)
    return total


def in_dtype(x: Numbers, kernel: Numbers, dtype: str) -> Numbers:
    """Add product after product in a dtype, to nearest."""
    total = np.zeros((len(x), kernel.shape[1]), dtype)
    for k in range(x.shape[1]):
        product = (x[:, k, None] * kernel[k]).astype(dtype)
        total = (total.astype(np.float32) + product.astype(np.float32)).astype(dtype)
    return total


def cut(x: Numbers, digits: int, exponent: Any = None) -> Numbers:
    """Cut off what is below so many digits of each number, or of one with this exponent."""
    unit = np.ldexp(1.0, (np.frexp(x)[1] if exponent is None else exponent) - digits)
    found: Numbers = np.trunc(x / unit) * unit
    return found


def towards_zero(x: Numbers, kernel: Numbers, digits: int = SINGLE) -> Numbers:
    """Add product after product, each sum cut off."""
    total = np.zeros((len(x), kernel.shape[1]))
    for k in range(x.shape[1]):
        total = cut(total + x[:, k, None] * kernel[k], digits)
    return total


def aligned(x: Numbers, kernel: Numbers, size: int = 4, digits: int = SINGLE) -> Numbers:
    """Add blocks of products to an accumulator, all cut off below the digits of the largest.

    So a tensor core of NVIDIA does (Fasi, Higham, Mikaitis & Pranesh, *Numerical behavior of NVIDIA
    tensor cores*, 2021), of 4 products each on a V100.
    """
    total = np.zeros((len(x), kernel.shape[1]))
    for k in range(0, x.shape[1], size):
        terms = [total, *np.moveaxis(x[:, k : k + size, None] * kernel[k : k + size], 1, 0)]
        _, exponents = np.frexp(np.max(np.abs(terms), axis=0))
        total = cut(np.sum(cut(np.array(terms), digits, exponents), axis=0), digits)
    return total
