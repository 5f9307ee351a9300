"""The functions that NumPy lacks, against mpmath."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from etalon.backends.numpy.special import ROOT_OF_PI, erf


def test_erf_is_right_to_the_last_digits() -> None:
    x = np.concatenate([np.linspace(-8, 8, 800), np.geomspace(1e-30, 3, 200)])
    for dtype, most in ((np.float32, 0.51), (np.float64, 0.51), (np.longdouble, 8)):
        held = x.astype(dtype)
        found = erf(held)
        assert found.dtype == dtype
        with mpmath.workdps(40):
            pairs = (
                (_exactly(y), mpmath.erf(_exactly(x))) for y, x in zip(found, held, strict=True)
            )
            off = max(abs(y / wanted - 1) for y, wanted in pairs)
        assert off <= most * float(np.finfo(dtype).eps)


def _exactly(number: Any) -> Any:
    mantissa, exponent = np.frexp(np.longdouble(number))
    return mpmath.mpf(int(np.ldexp(mantissa, 64))) * mpmath.mpf(2) ** (int(exponent) - 64)


@pytest.mark.parametrize(
    ("x", "y"), [(0.0, 0.0), (-0.0, -0.0), (np.inf, 1.0), (-np.inf, -1.0), (np.nan, np.nan)]
)
def test_special_values_of_erf(x: float, y: float) -> None:
    found = erf(x)
    assert found == y or (np.isnan(found) and np.isnan(y))
    assert np.signbit(found) == np.signbit(y)


def test_the_root_of_pi() -> None:
    with mpmath.workdps(40):
        assert abs(_exactly(ROOT_OF_PI) / mpmath.sqrt(mpmath.pi) - 1) <= float(
            np.finfo(np.longdouble).eps
        )
