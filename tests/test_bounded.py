"""The bounded array: its bound holds for what is really computed, and is not vacuous."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from etalon.backends.numpy.special import normal_distribution, softmax_last_axis
from etalon.conformance.arithmetic.bounded import FUNCTIONS, Bounded, Decision, lift
from etalon.conformance.arithmetic.precision import precision

F32 = precision("float32")

FORMULAS: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda x, y: x + y,
    "difference of products": lambda x, y: x * x - y * y,
    "quotient": lambda x, y: x / (1 + y * y),
    "softmax": lambda x, y: np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x))),
    "logarithm": lambda x, y: np.log(1 + x * x) - np.log1p(y * y),
    "matrix product": lambda x, y: x @ np.moveaxis(y, 0, 1),
    "contraction": lambda x, y: np.einsum("abc,ce->bea", np.stack([x, y]), np.moveaxis(y, 0, 1)),
    "variance": lambda x, y: np.mean(np.square(x - np.mean(x))),
    "root": lambda x, y: np.sqrt(np.abs(x) + y * y),
    "tanh": lambda x, y: np.tanh(x) * np.expm1(y),
    "waves": lambda x, y: np.sin(x) * np.cos(3 * y) - np.sin(x * y),
    "numbers of one's own": lambda x, y: x / np.full_like(y, [3, 7], shape=(1, 2))[:, 1:] + y,
    "normal distribution": lambda x, y: normal_distribution(x) + normal_distribution(x * y),
    "softmax of the last axis": lambda x, y: (
        softmax_last_axis(x * y) - softmax_last_axis(np.where(y > y[:, :1], -np.inf, x))
    ),
    "logarithm of a sum": lambda x, y: np.logaddexp(x, y) + np.logaddexp(x * y, 0.0),
    "power": lambda x, y: np.power(np.abs(x) + 0.5, 3) - np.power(np.abs(y) + 0.1, 0.5),
    "branch": lambda x, y: np.where(x * y > 0.1, x / 3, y / 7),
    "extremes": lambda x, y: np.max(x / 3) - np.min(np.minimum(x, np.maximum(y / 3, 0.1))),
}


def drawn(seed: int, scale: float = 1.0) -> tuple[Any, Any]:
    generator = np.random.RandomState(seed)
    x, y = (scale * generator.standard_normal((2, 5, 6))).astype(np.float32)
    return x, y


def bounded(formula: Any, x: Any, y: Any) -> Bounded:
    with np.errstate(all="ignore"):
        result = formula(lift(x, F32), lift(y, F32))
    assert isinstance(result, Bounded)
    return result


@pytest.mark.parametrize("name", FORMULAS)
@hypothesis.given(seed=st.integers(0, 2**31), scale=st.sampled_from([1e-3, 1.0, 20.0]))
@hypothesis.settings(deadline=None, max_examples=60, database=None, derandomize=True)
def test_float32_stays_within_the_bound(name: str, seed: int, scale: float) -> None:
    x, y = drawn(seed, scale)
    truth = bounded(FORMULAS[name], x, y)
    with np.errstate(all="ignore"):
        got = np.asarray(FORMULAS[name](x, y))
    assert got.dtype == np.float32
    assert (np.abs(got - truth.value) <= truth.usable).all()


@pytest.mark.parametrize("name", [name for name in FORMULAS if name != "branch"])
def test_the_bound_is_near_what_is_computed(name: str) -> None:
    x, y = drawn(3)
    truth = bounded(FORMULAS[name], x, y)
    off = np.abs(np.asarray(FORMULAS[name](x, y)) - truth.value)
    assert (off <= truth.bound).all()
    assert np.max(off[truth.bound > 0] / truth.bound[truth.bound > 0]) > 0.02


def test_truth_is_the_plain_value() -> None:
    x, y = drawn(5)
    wide = x.astype(np.float64), y.astype(np.float64)
    for formula in FORMULAS.values():
        assert (bounded(formula, x, y).value == formula(*wide)).all()


def test_inputs_are_exact_and_constants_are_off_by_their_rounding() -> None:
    assert not lift(np.float32(0.1), F32).bound.any()
    assert lift(0.1, F32).bound == abs(float(np.float32(0.1)) - 0.1)
    assert lift(0.5, F32).bound == 0


def test_a_constant_in_the_shape_of_an_array_is_off_by_its_rounding() -> None:
    filled: Any = np.full_like(lift(np.zeros(2), F32), 0.96)
    assert filled.value.tolist() == [0.96, 0.96]
    assert filled.bound.tolist() == [abs(0.96 - float(np.float32(0.96)))] * 2


def test_subnormal_numbers_may_be_flushed() -> None:
    tiny = lift(np.float32(1e-40), F32)
    assert tiny.bound == tiny.value
    product = lift(np.float32(1e-30), F32) * lift(np.float32(1e-10), F32)
    assert product.bound >= product.value > 0


def test_partial_sums_may_be_flushed_where_a_term_is_small() -> None:
    """In one order the first two terms leave a subnormal number, which may be flushed."""
    tiny = F32.tiny
    terms = np.array([-1.25 * tiny, 1.5 * tiny, 2.5 * tiny])
    total: Any = np.sum(lift(terms, F32))
    mean: Any = np.mean(lift(terms * 2.0**25, F32))  # of which no partial sum is subnormal
    assert abs(2.5 * tiny - total.value) <= total.bound < 2 * tiny
    assert mean.bound < 9 * F32.unit * mean.value
    ordinary: Any = np.sum(lift(np.array([1.0, -1.0, 2.0]), F32))
    assert ordinary.bound < 9 * F32.unit


def test_what_overflows_claims_nothing_further() -> None:
    huge = lift(np.float32(1e30), F32)
    square = np.square(huge)
    assert np.isfinite(square.bound)
    assert np.isinf((square / huge).bound)


def test_infinities_and_nan_are_exact_where_inputs_are() -> None:
    x = lift(np.array([np.inf, -np.inf, np.nan, 1.0], dtype=np.float32), F32)
    with np.errstate(all="ignore"):
        found = x - np.max(x)
    assert np.isnan(found.value).all()
    assert not found.bound.any()


def test_what_may_be_nan_makes_nothing_certain() -> None:
    third: Any = lift(1 / 3, F32)
    with np.errstate(all="ignore"):
        perhaps = (third - third) * np.inf
        assert np.isinf(perhaps.bound)
        assert np.isinf(np.sum(np.stack([perhaps, lift(-np.inf, F32)])).bound)
        assert np.isinf(np.square(perhaps).bound)
        assert not (perhaps * np.nan).bound.any()


def test_an_infinity_that_is_not_certain_may_be_any_number() -> None:
    perhaps = Bounded(np.array([np.inf, -np.inf]), np.full(2, np.inf), F32)
    with np.errstate(all="ignore"):
        assert np.isinf((perhaps - np.inf).bound).all()
        assert np.isinf((perhaps * 0).bound).all()
        assert np.isinf((perhaps / np.inf).bound).all()


def test_a_divisor_that_may_be_zero_claims_nothing() -> None:
    third = lift(1 / 3, F32)
    with np.errstate(all="ignore"):
        assert np.isinf((1 / (third - third)).bound)
        assert (1 / lift(np.float32(0), F32)).bound == 0


def test_undecided_branches_accept_both_sides() -> None:
    third = lift(1 / 3, F32)
    choice = third > lift(np.float32(1 / 3), F32)
    assert isinstance(choice, Decision)
    assert choice.undecided
    condition: Any = choice
    either: Any = np.where(condition, lift(5.0, F32), lift(1.0, F32))
    assert abs(either.value - 5) <= either.bound
    assert abs(either.value - 1) <= either.bound


def test_any_is_decided_where_one_is_true_for_certain_or_none_can_be() -> None:
    third, close = lift(1 / 3, F32), np.float32(1 / 3)
    open_: Any = np.stack([third, third]) > lift(np.array([close, 5.0]), F32)
    assert open_.undecided.tolist() == [True, False]
    condition: Any = np.any(open_)
    assert condition.undecided
    assert np.isinf(condition.number.bound)
    sure: Any = np.stack([third, third]) > lift(np.array([close, 0.0]), F32)
    found: Any = np.any(sure, axis=0, keepdims=True)
    assert found.value.tolist() == [True]
    assert not found.undecided.any()
    assert (found.number.value, found.number.bound) == (1, 0)
    none: Any = np.any(np.stack([third, third]) > 1)
    assert not none.value
    assert not none.undecided


def test_undecided_argmax_accepts_any_answer() -> None:
    tied = lift(np.array([1.0, 2.0, 2.0]), F32)
    assert np.argmax(tied, axis=-1).bound == 0
    close = tied / 3
    assert np.isinf(np.argmax(close, axis=-1).bound)


def test_a_wave_carries_at_most_all_that_it_can_be_off() -> None:
    far: Any = lift(np.float32(1e12), F32) / 19
    assert far.bound > 2
    assert 2 <= np.sin(far).bound <= 2 + 1e-6
    assert not np.sin(lift(np.float32(0), F32)).bound.any()


def test_a_sum_has_highams_bound() -> None:
    x = lift(np.full(101, 1 / 3, dtype=np.float32), F32)
    gamma = 100 * F32.unit / (1 - 100 * F32.unit)
    assert np.sum(x).bound == np.sum(x).value * gamma


def test_a_sum_of_products_has_highams_bound() -> None:
    """Over two letters of 3 and 4 there are 12 products; a bound of an operand is carried."""
    single = float(np.float32(4 / 3))
    x, y = lift(np.full((2, 3, 4), single), F32), lift(np.full((3, 5, 4), single), F32)
    gamma = 12 * F32.unit / (1 - 12 * F32.unit)
    total: Any = np.einsum("abc,bdc->ad", x, y)
    assert total.shape == (2, 5)
    assert (total.value == 12 * single**2).all()
    assert (np.abs(total.bound - total.value * gamma) <= 13 * F32.tiny + 1e-20).all()
    third: Any = np.full_like(x, 1 / 3)
    carried: Any = np.einsum("abc,bdc->ad", third, y)
    magnitude = 12 * single * (third.value + third.bound)[0, 0, 0]
    excess = carried.bound - 12 * single * third.bound[0, 0, 0] - gamma * magnitude
    assert (np.abs(excess) <= 13 * F32.tiny + 1e-20).all()
    plain: Any = np.einsum("abc,bdc->ad", x, np.full((3, 5, 4), single))
    assert (plain.bound == total.bound).all()


def test_what_has_no_rule_is_refused() -> None:
    x = lift(np.ones(3), F32)
    with pytest.raises(TypeError):
        np.arctan(x)
    with pytest.raises(TypeError, match=r"no rule for numpy\.cumsum"):
        np.cumsum(x)
    assert np.cumsum not in FUNCTIONS


def test_double_precision_has_a_wider_truth() -> None:
    f64 = precision("float64")
    third = lift(np.float64(1), f64) / lift(np.float64(3), f64)
    assert third.value.dtype == np.longdouble
    assert abs(float(third.value) - third.value) <= third.bound


def test_a_share_is_accurate_where_it_is_near_one() -> None:
    """All scores may be off by 0.1; what is far below the largest has little to take from it."""
    scores = Bounded(np.array([40.0, 20.0, -np.inf]), np.array([0.1, 0.1, 0.0]), F32)
    with np.errstate(all="ignore"):
        found: Any = softmax_last_axis(scores)
    least, most = (1 / (1 + np.exp(-20 + end * 0.2)) for end in (1, -1))
    assert found.value[0] - found.bound[0] < least
    assert most < found.value[0] + found.bound[0]
    assert found.bound[0] < 10 * F32.unit
    assert 0.2 < found.bound[1] / found.value[1] < 0.23
    assert (found.value[2], found.bound[2]) == (0, 0)


def test_a_share_of_one_alone_is_one_but_for_the_rounding_of_a_reciprocal() -> None:
    scores = Bounded(np.array([[40.0, -np.inf]]), np.array([[9.0, 0]]), F32)
    with np.errstate(all="ignore"):
        found: Any = softmax_last_axis(scores)
    assert found.value.tolist() == [[1, 0]]
    assert found.bound[0, 0] <= 4 * F32.unit
    assert found.bound[0, 1] == 0


def test_nothing_is_claimed_of_shares_beside_a_score_of_which_nothing_is() -> None:
    scores = Bounded(np.array([1.0, 2.0]), np.array([0, np.inf]), F32)
    with np.errstate(all="ignore"):
        found: Any = softmax_last_axis(scores)
    assert np.isinf(found.bound).all()


ALONE = """
import numpy as np
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import precision
x = Bounded(np.ones(2), np.zeros(2), precision("float32"))
print(np.sum(x + x).value)
"""
"""A program that imports no rules of its own."""


@pytest.mark.process
def test_arrays_have_their_rules_however_they_are_imported() -> None:
    command = [sys.executable, "-c", ALONE]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stdout == "4.0\n", run.stderr
