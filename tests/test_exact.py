"""The exact array: its numbers are right, special ones are NumPy's, and it blames who is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis
import ml_dtypes
import mpmath
import numpy as np
import pytest
from hypothesis import strategies as st
from mpmath import mpf

from etalon import spec
from etalon.backends.numpy import special
from etalon.backends.numpy.special import normal_distribution, softmax_last_axis
from etalon.conformance.arithmetic import bounded, exact, ulp_budgets
from etalon.conformance.arithmetic.bounded import lift as bounded_lift
from etalon.conformance.arithmetic.precision import precision, precision_of_truth
from etalon.conformance.judging.sampling import sample
from etalon.conformance.judging.third_opinion import adjudicate
from etalon.conformance.truths.values import truth
from etalon.spec.words import DTYPES, VALUES

F64 = precision("float64")
lift: Callable[..., Any] = exact.lift
DETERMINED = [op for op in spec.catalogue().values() if VALUES in op.laws]
SPECIAL = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0)
LEAST_BITS = np.finfo(np.longdouble).nmant
LEAST = np.ldexp(np.longdouble(1), -LEAST_BITS)


CLOSED: dict[str, tuple[Callable[[], Any], Callable[[], Any], int]] = {
    "a third": (lambda: lift(1) / 3, lambda: mpf(1) / 3, 1),
    "telescope": (
        lambda: np.sum(1 / (lift(np.arange(1, 100)) * np.arange(2, 101))),
        lambda: 1 - mpf(1) / 100,
        101,
    ),
    "e": (lambda: np.exp(lift(1)), lambda: +mpmath.e, 1),
    "near zero": (lambda: np.expm1(lift(2.0**-100)), lambda: mpmath.expm1(mpf(2) ** -100), 1),
    "logarithms": (
        lambda: np.log(lift(3)) - np.log1p(lift(1)),
        lambda: mpmath.log(mpf(3) / 2),
        8,
    ),
    "normal distribution": (
        lambda: normal_distribution(lift(0.5)),
        lambda: (1 + mpmath.erf(mpmath.sqrt(0.125))) / 2,
        1,
    ),
    "logarithm of a sum": (
        lambda: np.logaddexp(np.log(lift(3)), lift(0)),
        lambda: mpmath.log(4),
        4,
    ),
    "softmax": (lambda: softmax_last_axis(np.log(lift([3, 5])))[0], lambda: mpf(3) / 8, 8),
    "tanh": (lambda: np.tanh(np.log(lift(2))), lambda: mpf(3) / 5, 4),
    "sine": (lambda: np.sin(lift(0.5)), lambda: mpmath.sin(0.5), 1),
    "cosine": (lambda: np.cos(lift(100)), lambda: mpmath.cos(100), 1),
    "root": (lambda: np.sqrt(lift(2)), lambda: mpmath.sqrt(2), 1),
    "power": (lambda: np.power(lift(2), 0.5), lambda: mpmath.sqrt(2), 1),
    "mean": (lambda: np.mean(np.square(lift([1, 2, 4]))), lambda: mpf(7), 4),
    "the double": (lambda: lift(0.1), lambda: mpf(0.1), 0),
    "the float": (lambda: lift(np.float32(0.1)), lambda: mpf(13421773) / 2**27, 0),
    "the bfloat": (lambda: lift(np.full(1, 0.1, ml_dtypes.bfloat16)), lambda: mpf(205) / 2**11, 0),
    "the longdouble": (lambda: lift(1 - LEAST), lambda: 1 - mpf(2) ** -LEAST_BITS, 0),
}
"""What it is, its closed form, and how many roundings of the last of 50 digits it may be off."""


@pytest.mark.parametrize("name", CLOSED)
def test_numbers_are_right_to_50_digits(name: str) -> None:
    found, wanted, roundings = CLOSED[name]
    number = found().value.item()
    with mpmath.workdps(80):
        closed = wanted()
        off = abs(mpmath.make_mpf(number._mpf_) - closed)
        assert off <= roundings * closed * mpf(10) ** -50


def test_a_product_of_matrices_is_that_of_integers() -> None:
    a, b = np.arange(24).reshape(2, 3, 4), 2**40 + np.arange(20).reshape(4, 5)
    assert ((lift(a) @ lift(b)).value == a @ b).all()
    assert ((lift(a) @ lift(b[:, 0])).value == a @ b[:, 0]).all()
    assert ((lift(b[:, 0]) @ lift(b)).value == (b[:, 0].astype(object) @ b.astype(object))).all()


@pytest.mark.parametrize("equation", ["abc,cd->abd", "abc,cb->a", "abc,dcb->da", "abc,ad->dcba"])
def test_a_sum_of_products_is_that_of_integers(equation: str) -> None:
    lengths = {"a": 2, "b": 3, "c": 4, "d": 5}
    shapes = [[lengths[c] for c in term] for term in equation.split("->")[0].split(",")]
    a, b = (2**40 + np.arange(np.prod(shape)).reshape(shape) for shape in shapes)
    wanted = np.einsum(equation, a.astype(object), b.astype(object))
    assert (np.einsum(equation, lift(a), b).value == wanted).all()


def test_exact_arrays_have_the_rules_that_bounded_ones_have() -> None:
    assert set(exact.UFUNCS) == set(bounded.UFUNCS)
    assert set(exact.FUNCTIONS) == set(bounded.FUNCTIONS)


def test_what_has_no_rule_is_refused() -> None:
    with pytest.raises(TypeError):
        np.arctan(lift(1.0))
    with pytest.raises(TypeError, match=r"no rule for numpy\.cumsum"):
        np.cumsum(lift([1.0, 2.0]))


# Special values


def same(found: Any, wanted: Any, zeros_too: bool = True) -> bool:
    """Say whether numbers that a format holds exactly are the same, with the sign of zero."""
    got = lift(found).rounded(np.dtype(np.float64))
    signs = np.signbit(got) == np.signbit(wanted)
    alike = np.array_equal(got, np.asarray(wanted, dtype=np.float64), equal_nan=True)
    return alike and bool(np.all(signs | np.isnan(wanted) | (not zeros_too)))


@pytest.mark.parametrize(
    "ufunc",
    [u for u in exact.UFUNCS if u is not np.matmul],
    ids=lambda ufunc: ufunc.__name__,
)
def test_special_values_are_those_of_numpy(ufunc: Callable[..., Any]) -> None:
    operands = [np.array(part) for part in np.meshgrid(*[SPECIAL] * getattr(ufunc, "nin", 1))]
    with np.errstate(all="ignore"):
        wanted = np.asarray(ufunc(*operands))
        if ufunc is np.power:
            wanted = np.where(operands[1] == 0.5, np.sqrt(operands[0]), wanted)
        found = lift(ufunc(*map(lift, operands)))
        off = np.abs(found - lift(wanted)).rounded(wanted.dtype)
    special = ~np.isfinite(wanted) | (wanted == 0)
    assert same(found.value[special], wanted[special], ufunc not in (np.maximum, np.minimum))
    ulps = ulp_budgets.budgets("float64").get(ufunc, 0.5)
    assert (off[~special] <= ulps * F64.ulp(wanted[~special].astype(np.float64))).all()


GRID = np.array([[1.0, np.nan, -0.0], [-np.inf, 2.0, 0.0], [-0.0, -0.0, 3.0]])
CALLS: dict[Callable[..., Any], Callable[[Any], Any]] = {
    np.any: lambda x: np.any(x, axis=-1, keepdims=True),
    np.argmax: lambda x: np.argmax(x, axis=-1),
    np.broadcast_to: lambda x: np.broadcast_to(x, (2, 3, 3)),
    np.concatenate: lambda x: np.concatenate([x, GRID, x], axis=-1),
    np.einsum: lambda x: np.einsum("ab,cb->ca", x, GRID),
    np.expand_dims: lambda x: np.expand_dims(x, 1),
    np.full_like: lambda x: np.full_like(x, [[-0.0], [2.0]], shape=(2, 3)),
    np.lib.stride_tricks.sliding_window_view: lambda x: np.lib.stride_tricks.sliding_window_view(
        x, (2, 2), axis=(0, 1)
    ),
    np.max: lambda x: np.max(x, axis=(0, 1), keepdims=True),
    np.mean: lambda x: np.mean(x, axis=0),
    np.min: lambda x: np.min(x[1:], axis=1),
    np.moveaxis: lambda x: np.moveaxis(x, 0, 1),
    np.ones_like: np.ones_like,
    np.pad: lambda x: np.pad(x, [(1, 0), (0, 2)], constant_values=-np.inf),
    np.reshape: lambda x: np.reshape(x, (1, 9)),
    np.squeeze: lambda x: np.squeeze(x[:, None], axis=1),
    np.stack: lambda x: np.stack([x, -x]),
    np.sum: lambda x: np.sum(x, axis=-1, keepdims=True),
    np.take_along_axis: lambda x: np.take_along_axis(x, np.argmax(GRID, 0)[None], axis=0),
    np.transpose: lambda x: np.transpose(x, (1, 0)),
    np.where: lambda x: np.where(x > 0, x, -0.0),
    np.zeros_like: np.zeros_like,
    special.added: lambda x: special.added([x, GRID, -x]),
    special.affine: lambda x: special.affine([x, GRID], [GRID, x], [x[:1]]),
    softmax_last_axis: lambda x: softmax_last_axis(0 * x),
    special.dot_attention: lambda x: special.dot_attention(0 * x, x, x),
}


@pytest.mark.parametrize("function", exact.FUNCTIONS, ids=lambda function: function.__name__)
def test_functions_on_arrays_do_what_numpy_does(function: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        for x in (GRID, GRID[::-1], np.abs(GRID)):
            assert same(CALLS[function](lift(x)), CALLS[function](x))


def test_sums_and_means_of_nothing() -> None:
    nothing = lift(np.zeros((0, 2)))
    assert (np.sum(nothing, axis=0).value == 0).all()
    assert np.isnan(np.mean(nothing, axis=0).rounded(np.dtype(np.float64))).all()
    assert np.mean(nothing, axis=1).shape == (0,)


def test_what_no_format_holds_is_rounded_as_ieee_says() -> None:
    huge = np.exp(lift([20000.0, -20000.0, 1e300]))
    for dtype in (np.float64, np.longdouble):
        assert (huge.rounded(np.dtype(dtype)) == [np.inf, 0, np.inf]).all()
    assert np.exp(huge).value[2] == mpmath.inf
    assert (np.log(huge[:2]).rounded(np.dtype(np.float64)) == [20000, -20000]).all()
    subnormal = np.ldexp(1.0, -1073)
    assert lift(-subnormal).rounded(np.dtype(np.float64)) == -subnormal


# The catalogue: exact and bounded arrays watch each other


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("op", DETERMINED, ids=lambda op: op.id)
def test_the_reference_of_every_op_is_right(op: spec.Op, dtype: str) -> None:
    working = precision(dtype)
    for case in sample(op, VALUES, dtype, "quick", 0)[:8]:
        values = truth(case, case.arguments(), working)
        for one in adjudicate(case, tuple(found.value for found in values), working):
            assert one.reference.right, (case.id, one.reference.worst)
            assert one.backend.right, (case.id, one.backend.worst)


STEPS: tuple[Callable[[Any, Any], Any], ...] = (
    lambda x, y: x + y,
    lambda x, y: x - y / 3,
    lambda x, y: x * y,
    lambda x, y: x / (1 + np.square(y)),
    lambda x, y: np.exp(np.minimum(x, 3)),
    lambda x, y: np.expm1(-np.abs(x)),
    lambda x, y: np.log(0.1 + np.abs(x)),
    lambda x, y: np.log1p(np.abs(x * y)),
    lambda x, y: np.tanh(x),
    lambda x, y: normal_distribution(x),
    lambda x, y: np.sin(x) + np.cos(5 * y),
    lambda x, y: np.logaddexp(x, y),
    lambda x, y: np.sqrt(np.abs(x)),
    lambda x, y: np.power(0.1 + np.abs(x), 1.7),
    lambda x, y: np.where(x > y, x, y / 7),
    lambda x, y: x - np.mean(x, axis=-1, keepdims=True),
    lambda x, y: softmax_last_axis(x),
    lambda x, y: x @ np.moveaxis(y, 0, 1) @ y,
    lambda x, y: np.maximum(x, np.max(y)) - np.min(x),
)


@hypothesis.given(
    steps=st.lists(st.sampled_from(range(len(STEPS))), min_size=1, max_size=5),
    dtype=st.sampled_from(["float32", "float64"]),
    seed=st.integers(0, 2**31),
)
@hypothesis.settings(deadline=None, max_examples=150, database=None, derandomize=True)
def test_bounded_values_are_within_their_own_bound(steps: list[int], dtype: str, seed: int) -> None:
    own = precision_of_truth(precision(dtype))
    x, y = np.random.RandomState(seed).standard_normal((2, 2, 3)).astype(dtype)
    found, value = bounded_lift(x, own), lift(x)
    with np.errstate(all="ignore"):
        for step in steps:
            found = STEPS[step](found, bounded_lift(y, own))
            value = STEPS[step](value, lift(y))
        off = np.abs(lift(found.value) - value).rounded(own.dtype)
    assert (off <= found.usable).all()
