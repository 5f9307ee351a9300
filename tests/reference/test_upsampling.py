"""Up-sampling by interpolation, against fractions, mpmath and what the papers prove."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import etalon

up_sampling2d = etalon.reference("layers/up_sampling2d")
in_keras2 = etalon.reference("layers/up_sampling2d@keras2")


def row(numbers: list[float]) -> np.ndarray:
    return np.array(numbers).reshape(1, 1, -1, 1)


def keys(d: Fraction) -> Fraction:
    """Equation 6 of Keys with a = −1/2, multiplied out."""
    if d < 1:
        return Fraction(3, 2) * d**3 - Fraction(5, 2) * d**2 + 1
    return -Fraction(1, 2) * d**3 + Fraction(5, 2) * d**2 - 4 * d + 2 if d < 2 else Fraction(0)


def triangle(d: Fraction) -> Fraction:
    return max(1 - d, Fraction(0))


def lanczos(radius: int) -> Callable[[Fraction], mpmath.mpf]:
    def kernel(d: Fraction) -> mpmath.mpf:
        x = mpmath.mpf(d.numerator) / d.denominator
        return mpmath.sincpi(x) * mpmath.sincpi(x / radius) if abs(d) < radius else mpmath.mpf(0)

    return kernel


KERNELS = {
    "bilinear": triangle,
    "bicubic": keys,
    "lanczos3": lanczos(3),
    "lanczos5": lanczos(5),
}


@pytest.mark.parametrize("size", [(2, 3), (1, 4), (5, 1)])
@pytest.mark.parametrize("name", KERNELS)
def test_pixels_are_weighted_by_their_distance(name: str, size: tuple[int, int]) -> None:
    x = np.random.RandomState(0).standard_normal((2, 4, 6, 2))
    y = up_sampling2d(x, size=size, interpolation=name)
    assert y.shape == (2, 4 * size[0], 6 * size[1], 2)
    for i, j in np.ndindex(y.shape[1:3]):
        weights = []
        for place, n, s in ((i, 4, size[0]), (j, 6, size[1])):
            centre = (place + Fraction(1, 2)) / s - Fraction(1, 2)
            of_axis = [KERNELS[name](abs(centre - q)) for q in range(n)]
            weights.append([float(w / sum(of_axis)) for w in of_axis])
        wanted = np.einsum("p,q,bpqc->bc", *weights, x)
        assert np.abs(y[:, i, j] - wanted).max() < 1e-14


def test_doubling_by_hand() -> None:
    assert up_sampling2d(row([0, 4]), size=(1, 2)).ravel().tolist() == [0, 0, 4, 4]
    bilinear = up_sampling2d(row([0, 4]), size=(1, 2), interpolation="bilinear")
    assert bilinear.ravel().tolist() == [0, 1, 3, 4]
    # Halfway between two pixels by a quarter: Keys's weights there are -9, 111, 29 and -3 of 128.
    cubic = up_sampling2d(row([0, 0, 128, 0, 0, 0]), size=(1, 2), interpolation="bicubic")
    assert cubic.ravel()[3:7].tolist() == [29, 111, 111, 29]
    assert cubic.ravel()[7:9].tolist() == [-9, -3]


def test_corners_of_pixels_in_keras2_by_hand() -> None:
    assert in_keras2(row([0, 4]), size=(1, 2)).ravel().tolist() == [0, 0, 4, 4]
    doubled = in_keras2(row([0, 4]), size=(1, 2), interpolation="bilinear")
    assert doubled.ravel().tolist() == [0, 2, 4, 4]
    tripled = in_keras2(row([0, 3, 9]), size=(1, 3), interpolation="bilinear")
    assert np.abs(tripled.ravel() - [0, 1, 2, 3, 5, 7, 9, 9, 9]).max() < 1e-14


def test_cubic_convolution_reproduces_parabolas() -> None:
    """Keys 1981, section IV: the error is of third order with a = −1/2, and with no other a."""
    places = np.arange(12.0)
    y = up_sampling2d(row(list(places**2)), size=(1, 4), interpolation="bicubic").ravel()
    centres = (np.arange(48) + 0.5) / 4 - 0.5
    inner = slice(8, -8)
    assert np.abs(y - centres**2)[inner].max() < 1e-12


@pytest.mark.parametrize("name", KERNELS)
def test_a_constant_stays_constant_to_the_edges(name: str) -> None:
    y = up_sampling2d(np.full((1, 3, 4, 1), 7.0), size=(3, 2), interpolation=name)
    assert np.abs(y - 7).max() < 1e-13
    assert np.array_equal(up_sampling2d(y, size=1, interpolation=name), y)


def test_nothing_reaches_further_than_the_kernel() -> None:
    x = row([np.nan, 1, 2, 3, 4, 5])
    y = up_sampling2d(x, size=(1, 2), interpolation="bilinear").ravel()
    assert np.isnan(y[:3]).all()
    assert y[3:].tolist() == [1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 4.25, 4.75, 5.0]


def test_channels_may_come_first() -> None:
    x = np.random.RandomState(1).standard_normal((2, 3, 4, 2))
    last = up_sampling2d(x, interpolation="lanczos3")
    first = up_sampling2d(
        np.moveaxis(x, -1, 1), interpolation="lanczos3", data_format="channels_first"
    )
    assert np.array_equal(np.moveaxis(first, 1, -1), last)
