"""Batch normalization under a mask and in Keras 2, in fractions and by leaving numbers out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import etalon
from etalon.spec.shapes import InvalidCall

normalize = etalon.reference("layers/batch_normalization")
in_keras2 = etalon.reference("layers/batch_normalization@keras2")
ZEROS, ONES = np.zeros(3), np.ones(3)


def test_what_is_masked_does_not_count() -> None:
    x = np.random.RandomState(0).standard_normal((4, 5, 3))
    mask = np.random.RandomState(1).random_sample((4, 5)) < 0.6
    kept = x[mask]
    spoilt = np.where(mask[..., None], x, 1e6)
    y, mean, variance = normalize(
        spoilt, 2 * ONES, ONES, ZEROS, ONES, mask=mask, training=True, momentum=0.9
    )
    assert np.abs(mean - 0.1 * kept.mean(0)).max() < 1e-7
    assert np.abs(variance - 0.9 - 0.1 * kept.var(0)).max() < 1e-7
    wanted = 2 * (kept - kept.mean(0)) / np.sqrt(kept.var(0) + 1e-3) + 1
    assert np.abs(y[mask] - wanted).max() < 1e-6


def test_a_mask_is_the_same_along_the_last_axis_whatever_the_channels() -> None:
    x = np.arange(12.0).reshape(2, 3, 2)
    mask = np.array([[True, False, True], [True, True, False]])
    mean = normalize(x, None, None, ZEROS, ONES, mask=mask, training=True, axis=1, momentum=0.0)[1]
    assert np.abs(mean - [(0 + 1 + 6 + 7) / 4, (8 + 9) / 2, (4 + 5) / 2]).max() < 1e-6


def test_of_nothing_the_statistics_are_zero() -> None:
    x, nothing = np.ones((2, 3)), np.zeros(2, bool)
    y, mean, variance = normalize(x, None, None, ONES, ONES, mask=nothing, training=True)
    assert np.abs(y - 1 / np.sqrt(1e-3)).max() < 1e-12
    assert mean.tolist() == variance.tolist() == [0.99] * 3


def test_inference_knows_no_mask() -> None:
    x, mask = np.arange(6.0).reshape(2, 3), np.array([True, False])
    masked = normalize(x, ONES, ONES, ZEROS, ONES, mask=mask, training=False)
    for one, other in zip(
        masked, normalize(x, ONES, ONES, ZEROS, ONES, training=False), strict=True
    ):
        assert np.array_equal(one, other)
    with pytest.raises(InvalidCall, match="C3: mask"):
        normalize(x, ONES, ONES, ZEROS, ONES, mask=np.ones((2, 3), bool), training=True)


def test_the_variance_that_moves_on_in_keras2() -> None:
    """The mean of 1, 2, 3 and 6 is 3, their variance 14 / 4, times 4 / (4 - 1 - 1/4)."""
    x = np.array([[1.0], [2.0], [3.0], [6.0]])
    start = np.array([10.0])
    config = {"training": True, "momentum": 0.5, "epsilon": 0.25}
    y, mean, variance = in_keras2(x, None, None, start, start, **config)
    assert mean.tolist() == [6.5]
    assert abs(variance[0] - float((10 + Fraction(14, 4) * 4 / Fraction(11, 4)) / 2)) < 1e-15
    assert np.array_equal(y, normalize(x, None, None, start, start, **config)[0])
    assert in_keras2(x, None, None, start, start, training=False)[2].tolist() == [10.0]
