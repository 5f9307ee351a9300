"""The functions that NumPy lacks, against mpmath."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from etalon.backends.numpy.special import ROOT_OF_2, ROOT_OF_PI, erfc, normal_distribution


@pytest.mark.parametrize(
    ("function", "wanted", "most"),
    [
        (erfc, mpmath.erfc, (0.51, 0.6, 200)),
        (normal_distribution, lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2, (0.51, 0.6, 200)),
    ],
)
def test_what_numpy_lacks_is_right_to_the_last_digits(
    function: Any, wanted: Any, most: tuple[float, ...]
) -> None:
    x = np.concatenate([np.linspace(-12, 8, 800), np.geomspace(1e-30, 3, 200)])
    dtypes: tuple[Any, ...] = (np.float32, np.float64, np.longdouble)
    for dtype, allowed in zip(dtypes, most, strict=True):
        held = x.astype(dtype)
        found = function(held)
        assert found.dtype == dtype
        with mpmath.workdps(40):
            pairs = [(_exactly(y), wanted(_exactly(x))) for y, x in zip(found, held, strict=True)]
            normal = [(y, z) for y, z in pairs if z > float(np.finfo(dtype).tiny)]
            off = max(abs(y / z - 1) for y, z in normal)
        assert off <= allowed * float(np.finfo(dtype).eps)


def _exactly(number: Any) -> Any:
    mantissa, exponent = np.frexp(np.longdouble(number))
    return mpmath.mpf(int(np.ldexp(mantissa, 64))) * mpmath.mpf(2) ** (int(exponent) - 64)


@pytest.mark.parametrize(
    ("x", "y"), [(0.0, 0.5), (-0.0, 0.5), (np.inf, 1.0), (-np.inf, 0.0), (np.nan, np.nan)]
)
def test_special_values_of_the_normal_distribution(x: float, y: float) -> None:
    found = normal_distribution(x)
    assert found == y or (np.isnan(found) and np.isnan(y))
    assert not np.signbit(found)


def test_the_roots() -> None:
    with mpmath.workdps(40):
        for found, of in ((ROOT_OF_PI, mpmath.pi), (ROOT_OF_2, 2)):
            off = abs(_exactly(found) / mpmath.sqrt(of) - 1)
            assert off <= float(np.finfo(np.longdouble).eps)
