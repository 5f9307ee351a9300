"""Merging and reshaping, number by number: all are small multiples of 1/8."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon
from arrays import eighths

Numbers = Any


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("add", lambda a, b, c: a + b + c),
        ("multiply", lambda a, b, c: a * b * c),
        ("average", lambda a, b, c: (a + b + c) / 3),
        ("maximum", max),
        ("minimum", min),
    ],
)
def test_merging_is_element_by_element(name: str, wanted: Any) -> None:
    x = [eighths(2, 3, 4), eighths(2, 1, 4, seed=1), eighths(2, 3, 1, seed=2)]
    y = etalon.reference(f"layers/{name}")(x)
    for b, i, j in np.ndindex(2, 3, 4):
        exact = wanted(*map(Fraction, (x[0][b, i, j], x[1][b, 0, j], x[2][b, i, 0])))
        assert abs(Fraction(y[b, i, j]) - exact) <= Fraction(1, 2**50)


def test_subtract_takes_two() -> None:
    subtract = etalon.reference("substract")
    assert (subtract([np.array([[3.0]]), np.array([[5.0]])]) == -2).all()
    with pytest.raises(ValueError, match="unpack"):
        subtract([np.array([[3.0]])] * 3)


@pytest.mark.parametrize("axes", [(1, 1), (2, 1), (1, 2), (-1, -1)])
def test_dot_sums_over_one_axis_of_each(axes: tuple[int, int]) -> None:
    x = [eighths(2, 3, 4), eighths(2, 4, 3, seed=1)]
    if x[0].shape[axes[0]] != x[1].shape[axes[1]]:
        x[1] = np.swapaxes(x[1], 1, 2)
    y = etalon.reference("layers/dot")(x, axes=axes)
    rows, columns = (np.moveaxis(a, axis, -1) for a, axis in zip(x, axes, strict=True))
    assert y.shape == (2, rows.shape[1], columns.shape[1])
    for b, i, j in np.ndindex(*y.shape):
        pairs = zip(map(Fraction, rows[b, i]), map(Fraction, columns[b, j]), strict=True)
        assert Fraction(y[b, i, j]) == sum(p * q for p, q in pairs)


def test_dot_of_vectors_has_an_axis_of_length_one() -> None:
    dot = etalon.reference("layers/dot")
    x = [np.array([[3.0, 4.0]]), np.array([[4.0, 3.0]])]
    assert dot(x, axes=1).tolist() == [[24.0]]
    assert abs(Fraction(dot(x, axes=1, normalize=True)[0, 0]) - Fraction(24, 25)) < Fraction(
        1, 10**15
    )
    assert dot([np.zeros((1, 2)), np.ones((1, 2))], axes=1, normalize=True).tolist() == [[0.0]]


def test_reshaping_moves_numbers_only() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    assert (etalon.reference("layers/reshape")(x, target_shape=(2, -1)) == x.reshape(2, 2, 6)).all()
    y = etalon.reference("layers/permute")(x, dims=(2, 1))
    assert all(y[b, j, i] == x[b, i, j] for b, i, j in np.ndindex(2, 3, 4))
    z = etalon.reference("layers/repeat_vector")(x[:, 0], n=3)
    assert all((z[b, i] == x[b, 0]).all() for b, i in np.ndindex(2, 3))
