"""The layers of noise: what the kept and the dropped become, and the distribution by SciPy."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from scipy import stats

import etalon
from etalon.spec.shapes import InvalidCall

NOISES = ("dropout", "alpha_dropout", "gaussian_dropout", "gaussian_noise")
SPATIAL = ("spatial_dropout1d", "spatial_dropout2d", "spatial_dropout3d")
X = np.random.RandomState(1).standard_normal((40, 500)) + 3


def amount(name: str, number: float) -> dict[str, float]:
    return {"stddev" if name == "gaussian_noise" else "rate": number}


def given(name: str) -> Any:
    axes = int(name[-2]) if name in SPATIAL else 0
    return X.reshape(40, *(2,) * axes, -1) if axes < 3 else X[:, :480].reshape(40, 2, 2, 2, -1)


@pytest.mark.parametrize("name", NOISES + SPATIAL)
def test_nothing_changes_without_noise_or_training(name: str) -> None:
    noise, x = etalon.reference(f"layers/{name}"), given(name)
    assert np.array_equal(noise(x, **amount(name, 0.5), training=False, seed=3), x)
    assert np.array_equal(noise(x, **amount(name, 0.0), training=True, seed=3), x)
    noisy = noise(x, **amount(name, 0.5), training=True, seed=3)
    assert np.array_equal(noisy, noise(x, **amount(name, 0.5), training=True, seed=3))
    assert not np.array_equal(noisy, noise(x, **amount(name, 0.5), training=True, seed=4))
    with pytest.raises(InvalidCall, match="C1"):
        noise(x, **amount(name, 1.5), training=True)


@pytest.mark.parametrize("name", SPATIAL)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_maps_are_dropped_as_a_whole(name: str, data_format: str) -> None:
    if name == "spatial_dropout1d" and data_format == "channels_first":
        return  # Keras has no such
    x = given(name)
    config = {} if name == "spatial_dropout1d" else {"data_format": data_format}
    first = np.moveaxis(x, -1, 1) if data_format == "channels_first" else x
    y = etalon.reference(f"layers/{name}")(first, rate=0.75, training=True, seed=5, **config)
    y = np.moveaxis(y, 1, -1) if data_format == "channels_first" else y
    kept = y[:, *(0,) * (x.ndim - 2)] != 0
    wide = np.expand_dims(kept, tuple(range(1, x.ndim - 1)))
    assert np.array_equal(y, np.where(wide, 4 * x, 0))
    assert stats.binomtest(int(kept.sum()), kept.size, 0.25).pvalue > 1e-6


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    """Of what has mean 0 and variance 1: a and b are read off two numbers, and solved by Klambauer.

    ``E = a (q · 0 + (1 − q) α) + b = 0`` and ``Var = a² (q · 1 + q (1 − q) α²) = 1``.
    """
    x = np.concatenate([np.zeros(400), np.ones(400)])
    y = etalon.reference("layers/alpha_dropout")(x, rate=0.3, training=True, seed=2)
    dropped, at_zero, at_one = (mpf(number) for number in sorted(set(y.tolist())))
    a, b = at_one - at_zero, at_zero
    with mpmath.workdps(50):
        alpha = -mpf("1.6732632423543772848170429916717") * mpf("1.0507009873554804934193349852946")
        q = 1 - mpf(0.3)
        assert abs(dropped - (a * alpha + b)) < 1e-15
        assert abs(a * (1 - q) * alpha + b) < 1e-15
        assert abs(a**2 * (q + q * (1 - q) * alpha**2) - 1) < 2e-15


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_gaussian_dropout_multiplies_by_normal_numbers(rate: float) -> None:
    y = etalon.reference("layers/gaussian_dropout")(X, rate=rate, training=True, seed=7)
    z = (y / X - 1) / math.sqrt(rate / (1 - rate))
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-6


def test_gaussian_noise_adds_normal_numbers() -> None:
    y = etalon.reference("layers/gaussian_noise")(X, stddev=0.25, training=True, seed=7)
    assert stats.kstest((y - X).ravel() / 0.25, "norm").pvalue > 1e-6
