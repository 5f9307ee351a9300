"""Regularizers against exact fractions: their penalties, and the slopes of these."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon
from etalon.spec.shapes import InvalidCall

U = 2.0**-53

FACTORS: dict[str, dict[str, float]] = {
    "l1": {"l1": 0.25},
    "l2": {"l2": 0.75},
    "l1_l2": {"l1": 0.25, "l2": 0.75},
}


def numbers(*shape: int) -> Any:
    return np.random.RandomState(len(shape)).randint(-40, 41, size=shape) / 8


def by_hand(w: Any, l1: float = 0.0, l2: float = 0.0) -> Fraction:
    exact = [Fraction(x) for x in w.ravel().tolist()]
    magnitudes, squares = sum(map(abs, exact)), sum(x * x for x in exact)
    return Fraction(l1) * magnitudes + Fraction(l2) * squares


@pytest.mark.parametrize("name", FACTORS)
@pytest.mark.parametrize(
    ("role", "shape"), [("kernel", (4, 5)), ("kernel", (3, 3, 2, 4)), ("bias", (7,))]
)
def test_of_weights_it_is_the_sum(name: str, role: str, shape: tuple[int, ...]) -> None:
    w = numbers(*shape)
    for edition in ("", "@keras2"):
        penalty = etalon.reference(f"regularizers/{name}{edition}")(w, role=role, **FACTORS[name])
        assert Fraction(float(penalty)) == by_hand(w, **FACTORS[name])


@pytest.mark.parametrize("name", FACTORS)
@pytest.mark.parametrize("shape", [(3,), (5, 4), (3, 2, 2)])
def test_of_activities_it_is_the_mean_over_examples(name: str, shape: tuple[int, ...]) -> None:
    x = numbers(*shape)
    exact = by_hand(x, **FACTORS[name])
    penalty = etalon.reference(f"regularizers/{name}")(x, role="activity", **FACTORS[name])
    mean = exact / shape[0]
    assert abs(Fraction(float(penalty)) - mean) <= mean * Fraction(U)
    each = [by_hand(example, **FACTORS[name]) for example in x]
    assert sum(each) == exact
    former = etalon.reference(f"regularizers/{name}@keras2")
    assert Fraction(float(former(x, role="activity", **FACTORS[name]))) == exact


@pytest.mark.parametrize("name", FACTORS)
def test_no_example_costs_nothing(name: str) -> None:
    assert etalon.reference(f"regularizers/{name}")(np.zeros((0, 3)), role="activity") == 0


def test_a_factor_of_zero_switches_its_term_off() -> None:
    strange = np.array([[1.0, np.nan, np.inf]])
    for name in ("regularizers/l1_l2", "regularizers/l1_l2@keras2"):
        l1_l2 = etalon.reference(name)
        assert l1_l2(strange, l1=0.0, l2=0.0) == 0
        assert np.isnan(l1_l2(strange, l1=0.5, l2=0.0))
        assert l1_l2(strange[:, :1], l1=0.0, l2=0.5) == 0.5
        assert l1_l2(strange[:, ::2], l1=0.0, l2=0.5) == np.inf


@pytest.mark.parametrize(
    ("name", "call", "number"),
    [
        ("l1", {"w": np.ones((2, 2)), "l1": -0.5}, "C1"),
        ("l1_l2", {"w": np.ones((2, 2)), "l2": -0.5}, "C2"),
        ("l2", {"w": np.ones(3)}, "C2"),
        ("l2", {"w": np.ones((3, 2)), "role": "bias"}, "C3"),
        ("l2", {"w": np.ones(()), "role": "activity"}, "C4"),
        ("l2", {"w": np.ones((0, 2))}, "C5"),
    ],
)
def test_a_call_is_checked(name: str, call: dict[str, Any], number: str) -> None:
    with pytest.raises(InvalidCall, match=f"{number}: "):
        etalon.reference(f"regularizers/{name}")(**call)


def test_the_layer_passes_its_input_on_and_costs_what_the_regularizer_does() -> None:
    x = numbers(4, 3, 2)
    exact = by_hand(x, l1=0.25, l2=0.75)
    for edition, divisor in (("", 4), ("@keras2", 1)):
        layer = etalon.reference(f"layers/activity_regularization{edition}")
        y, penalty = layer(x, l1=0.25, l2=0.75)
        assert (y == x).all()
        assert Fraction(float(penalty)) == exact / divisor
