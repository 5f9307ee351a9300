"""How accurate library functions have to be: the budgets that the bound grants them.

Source: the OpenCL specification's tables of ULP values for math instructions, full profile
(OpenCL SPIR-V environment specification, "Relative Error as ULPs"): the same numbers for single
and double precision, others for half, which stand here for both formats of 16 bits. Addition,
subtraction, multiplication, division and the square root are not here: correctly rounded by
IEEE 754, they get half a unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from etalon.backends.numpy.special import erfc

ULPS: Mapping[Callable[..., Any], float] = {
    erfc: 16,
    np.cos: 4,
    np.exp: 3,
    np.expm1: 3,
    np.log: 3,
    np.log1p: 2,
    np.logaddexp: 5,
    np.power: 16,
    np.sin: 4,
    np.tanh: 5,
}
"""In single and double precision; ``logaddexp`` is ``exp`` and ``log1p`` in a row."""

ULPS_OF_HALF: Mapping[Callable[..., Any], float] = {
    erfc: 4,
    np.cos: 2,
    np.exp: 2,
    np.expm1: 2,
    np.log: 2,
    np.log1p: 2,
    np.logaddexp: 4,
    np.power: 4,
    np.sin: 2,
    np.tanh: 2,
}
"""In the formats of 16 bits."""
