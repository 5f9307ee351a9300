"""The functions of layers/lambda against mpmath's formulas in 50 digits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import etalon
from etalon.spec.shapes import InvalidCall

U = 2.0**-53


def normal(*shape: int) -> Any:
    return np.random.RandomState(7).standard_normal(shape)


def antirectified(row: Any) -> list[Any]:
    exact = [mpf(x) for x in row.tolist()]
    mean = mpmath.fsum(exact) / len(exact)
    norm = max(mpmath.sqrt(mpmath.fsum((x - mean) ** 2 for x in exact)), mpf(1e-7))
    unit = [(x - mean) / norm for x in exact]
    return [max(u, 0) for u in unit] + [max(-u, 0) for u in unit]


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        ("square", lambda x: x * x),
        ("negative", lambda x: -x),
        ("scaled_tanh", lambda x: mpf(1.7159) * mpmath.tanh(2 * x / 3)),
    ],
)
def test_number_by_number(function: str, formula: Any) -> None:
    x = normal(2, 3, 4)
    y = etalon.reference("layers/lambda")(x, function=function)
    with mpmath.workdps(50):
        for got, given in zip(y.ravel().tolist(), x.ravel().tolist(), strict=True):
            exact = formula(mpf(given))
            assert abs(got - exact) <= 8 * U * abs(exact)


def test_the_scaled_tanh_takes_one_to_one() -> None:
    y = etalon.reference("layers/lambda")(np.array([[1.0, -1.0]]), function="scaled_tanh")
    assert (np.abs(y - [[1.0, -1.0]]) < 1e-4).all()


def test_the_antirectifier_is_both_halves_of_the_normalised_differences() -> None:
    x = normal(3, 5)
    y = etalon.reference("layers/lambda")(x, function="antirectifier")
    assert y.shape == (3, 10)
    with mpmath.workdps(50):
        for got, row in zip(y, x, strict=True):
            for number, exact in zip(got.tolist(), antirectified(row), strict=True):
                assert abs(number - exact) <= 16 * U
    assert (np.abs(np.sum(np.square(y), axis=1) - 1) <= 16 * U).all()
    assert (np.minimum(y[:, :5], y[:, 5:]) == 0).all()


def test_the_antirectifier_works_along_axis_1_of_more() -> None:
    antirectifier = etalon.reference("layers/lambda")
    x = normal(2, 4, 3)
    y = antirectifier(x, function="antirectifier")
    for i in range(3):
        assert (np.abs(y[..., i] - antirectifier(x[..., i], function="antirectifier")) <= U).all()


def test_no_difference_is_divided_by_less_than_epsilon() -> None:
    antirectifier = etalon.reference("layers/lambda")
    assert (antirectifier(np.full((2, 3), 5.0), function="antirectifier") == 0).all()
    y = antirectifier(np.array([[1e-9, -1e-9]]), function="antirectifier")
    assert (np.abs(y - [[0.01, 0, 0, 0.01]]) <= 2 * U * 0.01).all()


def test_one_axis_is_refused() -> None:
    with pytest.raises(InvalidCall, match="C1: "):
        etalon.reference("layers/lambda")(np.ones(3), function="antirectifier")
