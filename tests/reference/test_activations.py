"""The activations against their closed forms in 50 digits, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import etalon
from etalon.conformance.arithmetic.precision import precision

U = precision("float64").unit
ENDS = np.array([12.5, 37.0, 90.0, 700.0])
X = np.concatenate([-ENDS, np.linspace(-8, 8, 33), ENDS, [1e-20, -1e-20, 0.1, -0.1]])

Form = Callable[[Any], Any]
SMALLEST = mpf(2) ** -1074
"""What is smaller than this number of float64 is 0 in it."""


def normal_distribution(x: Any) -> Any:
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def softplus(x: Any) -> Any:
    return mpmath.log1p(mpmath.exp(x))


def gelu_by_tanh(x: Any) -> Any:
    inner = mpmath.sqrt(2 / mpmath.pi) * (x + mpf("0.044715") * x**3)
    with mpmath.workdps(60 + min(int(abs(inner)), 10_000)):
        return x / 2 * (1 + mpmath.tanh(inner))


FORMS: dict[str, Form] = {
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "exponential": mpmath.exp,
    "gelu": lambda x: x * normal_distribution(x),
    "hard_sigmoid": lambda x: min(max(x / 6 + mpf("0.5"), 0), 1),
    "hard_sigmoid@keras2": lambda x: min(max(x * mpf(0.2) + mpf("0.5"), 0), 1),
    "hard_tanh": lambda x: min(max(x, -1), 1),
    "leaky_relu": lambda x: x if x > 0 else x * mpf(0.2),
    "linear": lambda x: x,
    "mish": lambda x: x * mpmath.tanh(softplus(x)),
    "relu": lambda x: max(x, 0),
    "relu6": lambda x: min(max(x, 0), 6),
    "selu": lambda x: (
        mpf(1.0507009873554805) * (x if x > 0 else mpf(1.6732632423543772) * mpmath.expm1(x))
    ),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "softplus": softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    "tanh": lambda x: 1 - 2 / (mpmath.exp(2 * x) + 1),
}


def within(name: str, x: Any, form: Form, **config: Any) -> bool:
    """Say whether the value, and the plain result from there, are within the bound."""
    value, bound = etalon.bound(f"activations/{name}", x, dtype="float64", **config)
    plain = etalon.reference(f"activations/{name}")(x, **config)
    with mpmath.workdps(50):
        exact = [form(mpf(number)) for number in x.tolist()]
        off = [abs(mpf(y) - wanted) for y, wanted in zip(plain.tolist(), exact, strict=True)]
        wide = [abs(digits(y) - wanted) for y, wanted in zip(value, exact, strict=True)]
        most = [digits(number) for number in bound]
        distances = [max(a - b, b) for a, b in zip(off, wide, strict=True)]
    return all(d <= max(b, SMALLEST) for d, b in zip(distances, most, strict=True))


def digits(number: Any) -> Any:
    """Return a number of NumPy's, all of whose bits a longdouble holds, as one of mpmath's."""
    significand, exponent = np.frexp(np.longdouble(number))
    return mpmath.ldexp(int(np.ldexp(significand, 64)), int(exponent) - 64)


@pytest.mark.parametrize("name", FORMS)
def test_activations_have_their_closed_forms(name: str) -> None:
    assert within(name, X, FORMS[name])


def test_every_activation_of_one_number_has_a_closed_form() -> None:
    ids = {id for id in etalon.catalogue() if id.startswith("activations/")}
    assert ids == {f"activations/{name}" for name in (*FORMS, "softmax", "log_softmax")}


def test_hyperparameters() -> None:
    assert within("gelu", X, gelu_by_tanh, approximate=True)
    assert within("leaky_relu", X, lambda x: x if x > 0 else x * 1.5, negative_slope=1.5)
    assert within("elu", X, lambda x: x if x > 0 else 2 * mpmath.expm1(x), alpha=2.0)


@pytest.mark.parametrize("name", ["sigmoid", "silu", "softplus", "exponential"])
def test_what_vanishes_is_claimed_to_its_last_digits(name: str) -> None:
    value, bound = etalon.bound(f"activations/{name}", -ENDS, dtype="float64")
    assert (bound <= 20 * U * np.abs(value)).all()


def test_activations_far_out() -> None:
    for name, low, high in (
        ("sigmoid", 0.0, 1.0),
        ("tanh", -1.0, 1.0),
        ("softplus", 0.0, 1e4),
        ("relu6", 0.0, 6.0),
        ("hard_sigmoid", 0.0, 1.0),
        ("hard_sigmoid@keras2", 0.0, 1.0),
    ):
        found = etalon.reference(f"activations/{name}")(np.array([-1e4, 1e4, np.nan]))
        assert found[:2].tolist() == [low, high]
        assert np.isnan(found[2])


def test_log_softmax_along_an_axis() -> None:
    x = np.array([[1.0, 900.0, -3.5], [0.25, 899.0, 1e-20]])
    for axis, columns in ((-1, x), (0, x.T)):
        value, bound = etalon.bound("log_softmax", x, dtype="float64", axis=axis)
        plain = etalon.reference("log_softmax")(x, axis=axis)
        rows = zip(
            *(part if axis else part.T for part in (plain, bound)), columns.tolist(), strict=True
        )
        for found, most, row in rows:
            with mpmath.workdps(50):
                total = mpmath.log(sum(mpmath.exp(mpf(number)) for number in row))
                off = [abs(mpf(y) - (mpf(v) - total)) for y, v in zip(found, row, strict=True)]
            assert all(o <= float(b) for o, b in zip(off, most, strict=True))
        assert (np.abs(plain - value) <= bound).all()
