"""Masking, step by step, and the mean of the steps that are left, in fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon
from etalon import spec
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.sampling import sample
from etalon.spec.shapes import InvalidCall
from etalon.spec.words import VALUES

U = 2.0**-53


def masking(x: Any, **config: float) -> tuple[Any, Any, Any]:
    results: tuple[Any, Any, Any] = etalon.reference("layers/masking")(np.asarray(x), **config)
    return results


def test_the_example_of_keras() -> None:
    """In its documentation steps 3 and 5 of 10 are zero, and are skipped."""
    x = np.random.RandomState(0).random_sample((32, 10, 8))
    x[:, [3, 5], :] = 0
    y, mask, average = masking(x)
    assert (y == x).all()
    assert (mask == [[t not in (3, 5) for t in range(10)]] * 32).all()
    for b, c in np.ndindex(32, 8):
        kept = [Fraction(x[b, t, c]) for t in range(10) if t not in (3, 5)]
        assert abs(Fraction(average[b, c]) - sum(kept, Fraction(0)) / 8) <= Fraction(16 * U)


@pytest.mark.parametrize("value", [0.0, -1.0, 0.5])
def test_a_step_is_left_out_where_all_of_it_is_the_value(value: float) -> None:
    x = np.array([[[value, value], [value, 3.0], [2.0, value], [0.25, -4.0]]])
    y, mask, average = masking(x, mask_value=value)
    assert mask.dtype == bool
    assert mask.tolist() == [[False, True, True, True]]
    assert y.tolist() == [[[0.0, 0.0], *x[0, 1:].tolist()]]
    exact = [sum(map(Fraction, x[0, 1:, c].tolist()), Fraction(0)) / 3 for c in (0, 1)]
    for got, wanted in zip(average[0].tolist(), exact, strict=True):
        assert abs(Fraction(got) - wanted) <= Fraction(4 * U)


def test_zeros_of_both_signs_are_the_value_and_nan_is_none() -> None:
    x = np.array([[[-0.0, 0.0], [0.0, np.nan], [np.nan, np.nan], [np.inf, 0.0]]])
    y, mask, _ = masking(x)
    assert mask.tolist() == [[False, True, True, True]]
    assert np.isnan(y[0, 1:3]).sum() == 3
    assert y[0, 3, 0] == np.inf
    assert masking(np.full((1, 2, 1), np.nan), mask_value=np.nan)[1].all()


def test_where_no_step_is_left_the_mean_is_none() -> None:
    with np.errstate(all="ignore"):
        y, mask, average = masking(np.full((2, 3, 4), -1.0), mask_value=-1.0)
    assert not mask.any()
    assert (y == 0).all()
    assert np.isnan(average).all()


def test_two_axes_are_refused() -> None:
    with pytest.raises(InvalidCall, match="C1: "):
        masking(np.ones((2, 3)))


def test_cases_have_steps_to_leave_out_and_steps_to_keep() -> None:
    op = spec.find("layers/masking")
    cases: list[Case] = [c for c in sample(op, VALUES, "float32", "quick", 0) if c.known["batch"]]
    shares = []
    for case in cases:
        x: Any = case.arguments()["x"]
        value = case.known["mask_value"]
        whole, some = np.all(x == value, axis=-1), np.any(x == value, axis=-1)
        shares.append((whole.mean(), (some & ~whole).mean()))
    masked, mixed = np.mean(shares, axis=0)
    assert 0.2 < masked < 0.7
    assert mixed > 0.05
