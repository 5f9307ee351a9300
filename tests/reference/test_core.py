"""The core layers in fractions, by hand, and in each other's terms."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon
from etalon.spec import einsum
from etalon.spec.shapes import InvalidCall

embedding = etalon.reference("layers/embedding")
einsum_dense = etalon.reference("layers/einsum_dense")
dense = etalon.reference("layers/dense")
GENERATOR = np.random.RandomState(3)
SIZES = {"a": 2, "b": 3, "c": 4, "d": 2, "e": 3}
EQUATIONS = ("ab,bc->ac", "abc,cd->abd", "abc,cde->abde", "abcd,cde->abe", "abc,bcd->ad")


def drawn(letters: str) -> Any:
    return GENERATOR.standard_normal([SIZES[letter] for letter in letters])


def summed(equation: str, x: Any, kernel: Any) -> Any:
    """Return the sums of products, letter by letter, in fractions."""
    first, second, result = einsum.terms(equation)
    letters = sorted({*first, *second})
    found = np.full([SIZES[letter] for letter in result], Fraction(0), dtype=object)
    for places in itertools.product(*(range(SIZES[letter]) for letter in letters)):
        at = dict(zip(letters, places, strict=True))
        one, other, target = (tuple(at[c] for c in term) for term in (first, second, result))
        found[target] += Fraction(float(x[one])) * Fraction(float(kernel[other]))
    return found


@pytest.mark.parametrize("equation", EQUATIONS)
def test_sums_of_products_in_fractions(equation: str) -> None:
    first, second, result = einsum.terms(equation)
    x, kernel = drawn(first), drawn(second)
    config: dict[str, Any] = {
        "equation": equation,
        "output_shape": tuple(SIZES[c] for c in result[1:]),
    }
    y = einsum_dense(x, kernel, **config)
    bound = etalon.bound("layers/einsum_dense", x, kernel, dtype="float64", **config)[1]
    wanted = summed(equation, x, kernel)
    assert y.shape == bound.shape == wanted.shape
    for got, exact, most in zip(y.flat, wanted.flat, bound.flat, strict=True):
        assert abs(Fraction(float(got)) - exact) <= Fraction(float(most))


def test_a_bias_lies_along_its_axes() -> None:
    x, kernel = drawn("abc"), drawn("cde")
    config = {"equation": "abc,cde->abde", "output_shape": (3, 2, 3)}
    plain = einsum_dense(x, kernel, **config)
    for axes, shape, wide in (
        ("e", (3,), (1, 1, 1, 3)),
        ("d", (2, 1), (1, 1, 2, 1)),
        ("de", (2, 3), (1, 1, 2, 3)),
        ("bd", (3, 2, 1), (1, 3, 2, 1)),
        ("be", (3, 1, 3), (1, 3, 1, 3)),
    ):
        bias = GENERATOR.standard_normal(shape)
        y = einsum_dense(x, kernel, bias, bias_axes=axes, **config)
        assert np.array_equal(y, plain + bias.reshape(wide))
        relu = einsum_dense(x, kernel, bias, bias_axes=axes, activation="relu", **config)
        assert np.array_equal(relu, np.maximum(y, 0))


def test_it_is_dense_for_two_letters() -> None:
    x, kernel, bias = drawn("ab"), drawn("bc"), drawn("c")
    y = einsum_dense(x, kernel, bias, equation="ab,bc->ac", output_shape=(4,), bias_axes="c")
    off = np.abs(y - dense(x, kernel, bias, units=4))
    bound = etalon.bound("layers/dense", x, kernel, bias, units=4, dtype="float64")[1]
    assert (off <= 2 * bound).all()


def test_what_does_not_fit_an_equation_is_refused() -> None:
    x, kernel = drawn("abc"), drawn("cd")
    config = {"equation": "abc,cd->abd", "output_shape": (3, 2)}
    assert einsum_dense(x, kernel, **config).shape == (2, 3, 2)
    with pytest.raises(InvalidCall, match=r"C1: kernel has shape \(2, 4\)"):
        einsum_dense(x, kernel.T, **config)
    with pytest.raises(InvalidCall, match="C2: equation and output_shape fit x"):
        einsum_dense(x, kernel, equation="abc,cd->abd", output_shape=(4, 2))
    for axes in ("c", "a", ""):
        with pytest.raises(ValueError, match=f"bias_axes '{axes}' are no axes of the result"):
            einsum_dense(x, kernel, np.ones(2), bias_axes=axes, **config)
    with pytest.raises(ValueError, match="letters that are no axes"):
        einsum_dense(x, kernel, equation="abc,cx->abd", output_shape=(3, 2))
    for wrong in ("abc->ab", "...c,cd->...d", "abc,cd"):
        with pytest.raises(ValueError, match="is not an equation such as"):
            einsum_dense(x, kernel, equation=wrong, output_shape=(3, 2))


def test_what_an_equation_says() -> None:
    assert einsum.terms("abc, cd -> abd") == ("abc", "cd", "abd")
    assert einsum.kernel_shape("abcd,cde->abe", (2, 3, 5), (2, 7)) == (3, 5, 7)
    assert einsum.bias_shape("abc,cde->abde", "bd", (3, 2, 4)) == (3, 2, 1)
    assert einsum.fits("abc,cde->abde", (3, 4), (3, 2, 4))
    assert not einsum.fits("abc,cde->abde", (3, 4), (5, 2, 4))
    assert not einsum.fits("abc,cde->abde", (3,), (3, 2, 4))
    assert einsum.holds("abc,cde->abde", "de")
    assert not einsum.holds("abc,cde->abde", "ad")


def test_an_embedding_is_the_product_with_one_hot_rows() -> None:
    table, x = drawn("ce"), GENERATOR.randint(0, 4, (5, 2))
    y = embedding(x, table, input_dim=4, output_dim=3)
    assert y.shape == (5, 2, 3)
    assert np.array_equal(y, np.eye(4)[x] @ table)
    assert embedding(np.array([3, 0]), np.array([[1.0], [2], [3], [4]])).tolist() == [[4], [1]]


@pytest.mark.parametrize("index", [4, -1, 100])
def test_an_index_beyond_the_table_is_refused(index: int) -> None:
    with pytest.raises(InvalidCall, match="C2: x has integers that are no rows"):
        embedding(np.array([0, index]), drawn("ce"), input_dim=4, output_dim=3)
