"""Numbers given in float8 are exact: what is lost of their products is what sums lose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import etalon
from etalon.conformance.arithmetic.precision import precision
from summing import HOPPER, Numbers, aligned, in_dtype, in_float32

FLOAT8 = {"e4m3": ml_dtypes.float8_e4m3fn, "e5m2": ml_dtypes.float8_e5m2}
OUT = ("float32", "bfloat16", "float16")


def drawn(contract: str, terms: int, seed: int = 0) -> tuple[Numbers, Numbers]:
    """Return two matrices in float8."""
    rng = np.random.default_rng(seed)
    one, other = rng.standard_normal((8, terms)), rng.standard_normal((terms, 32))
    return one.astype(FLOAT8[contract]), other.astype(FLOAT8[contract])


def bounded(*arrays: Any, units: int = 32, **options: Any) -> tuple[Numbers, Numbers]:
    """Return a dense layer and its bound."""
    value, bound = etalon.bound(
        "layers/dense", *arrays, units=units, use_bias=len(arrays) > 2, **options
    )
    return value, bound


def refused(got: Numbers, x: Numbers, kernel: Numbers, dtype: str, **options: Any) -> float:
    """Return the share of numbers of a product that are beyond their bounds."""
    value, bound = bounded(x, kernel, dtype=dtype, **options)
    return float(np.mean(~(np.abs(got.astype(float) - value) <= bound)))


@pytest.mark.parametrize("dtype", OUT)
@pytest.mark.parametrize("terms", [16, 64, 256, 1024, 4096])
@pytest.mark.parametrize("contract", FLOAT8)
def test_who_accumulates_in_float32_keeps_it(contract: str, terms: int, dtype: str) -> None:
    x, kernel = drawn(contract, terms)
    whole = x.astype(np.float32) @ kernel.astype(np.float32)
    for total in (in_float32(x, kernel), whole, x.astype(float) @ kernel.astype(float)):
        for options in ({}, {"contract": contract}, {"contract": contract, "rate": 1e-9}):
            assert refused(total.astype(dtype), x, kernel, dtype, **options) == 0


@pytest.mark.parametrize("dtype", OUT)
@pytest.mark.parametrize("contract", FLOAT8)
def test_where_no_sum_rounds_the_bound_is_one_correct_rounding(contract: str, dtype: str) -> None:
    integers = np.random.default_rng(0).integers(-4, 5, (2, 8, 512)).astype(FLOAT8[contract])
    x, kernel = integers[0], integers[1].T
    value, bound = bounded(x, kernel, units=8, dtype=dtype, contract=contract)
    rounded = value.astype(dtype).astype(float)
    assert (bound == np.abs(rounded - value)).all()
    assert refused(value.astype(dtype), x, kernel, dtype, contract=contract, units=8) == 0
    one_off = np.nextafter(value.astype(dtype), np.asarray(np.inf, dtype))
    assert refused(one_off, x, kernel, dtype, contract=contract, units=8) > 0.9


def test_normal_numbers_in_e4m3_are_summed_exactly_where_terms_are_few() -> None:
    x, kernel = drawn("e4m3", 16)
    assert (bounded(x, kernel, dtype="float32")[1] == 0).all()


LIARS: dict[str, Callable[[Numbers, Numbers, str], Numbers]] = {
    "zeros": lambda x, kernel, dtype: np.zeros((len(x), kernel.shape[1])),
    "one per cent too large": lambda x, kernel, dtype: 1.01 * (x @ kernel),
    "the last term left out": lambda x, kernel, dtype: x[:, :-1] @ kernel[:-1],
    "accumulated in 16 bits": in_dtype,
    "accumulated in float8": lambda x, kernel, dtype: in_dtype(x, kernel, "float8_e5m2"),
}


@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("terms", [16, 256, 1024])
@pytest.mark.parametrize("contract", FLOAT8)
def test_who_does_not_is_refused(contract: str, terms: int, dtype: str, liar: str) -> None:
    x, kernel = drawn(contract, terms)
    got = LIARS[liar](x.astype(float), kernel.astype(float), dtype).astype(dtype)
    assert refused(got, x, kernel, dtype, contract=contract) > 0.05


@pytest.mark.parametrize("terms", [64, 256, 1024, 4096])
@pytest.mark.parametrize("contract", FLOAT8)
def test_fourteen_digits_are_no_float32(contract: str, terms: int) -> None:
    """What a tensor core of Hopper keeps of the products of float8, by blocks of 32."""
    x, kernel = drawn(contract, terms)
    got = aligned(x.astype(float), kernel.astype(float), 32, HOPPER)
    likely = {"contract": contract, "rate": 1e-9}
    assert refused(got, x, kernel, "float32", **likely) > 0.5
    assert refused(got.astype("bfloat16"), x, kernel, "bfloat16", **likely) > 0


def test_what_is_small_in_float8_is_not_flushed() -> None:
    """The smallest number of e5m2 is subnormal in float16, too; as given in float8 it counts."""
    small = np.array([[2.0**-16, 2.0**-9]])
    kernel = np.full((2, 1), 2.0**14)
    given = small.astype(ml_dtypes.float8_e5m2)
    value, bound = bounded(given, kernel.astype(given.dtype), units=1, dtype="float16")
    assert value == 32.25
    assert bound == 0
    _, bound = bounded(small.astype(np.float16), kernel, units=1, dtype="float16")
    assert bound >= 0.25


@pytest.mark.parametrize("contract", FLOAT8)
def test_what_is_not_in_float8_yet_is_rounded_to_it(contract: str) -> None:
    rng = np.random.default_rng(0)
    scales = np.ldexp(1.0, rng.integers(-18, 4, (8, 1)))
    x, kernel = scales * rng.standard_normal((8, 16)), rng.standard_normal((16, 32))
    bias = rng.standard_normal(32).astype(np.float32)
    quantised = [m.astype(FLOAT8[contract]).astype(np.float32) for m in (x, kernel)]
    got = quantised[0] @ quantised[1] + bias
    value, bound = bounded(x, kernel, bias, contract=contract)
    assert (np.abs(got - value) <= bound).all()
    value, bound = bounded(x, kernel, bias, contract="bfloat16")
    assert (np.abs(got - value) > bound).any()


@pytest.mark.parametrize("contract", FLOAT8)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_bias_is_no_factor(contract: str, dtype: str) -> None:
    x, kernel = drawn(contract, 16)
    bias = np.random.default_rng(1).standard_normal(32).astype(dtype)
    _, bound = bounded(x, kernel, bias, dtype=dtype, contract=contract)
    _, plain = bounded(x, kernel, bias, dtype=dtype)
    assert (bound == plain).all()


@pytest.mark.parametrize(("contract", "beyond"), [("e4m3", 500.0), ("e5m2", 6e4)])
def test_nothing_is_claimed_of_what_float8_does_not_reach(contract: str, beyond: float) -> None:
    x = np.array([[beyond], [np.inf], [1.0]])
    _, bound = bounded(x, np.ones((1, 1)), units=1, contract=contract)
    assert np.isinf(bound[:2]).all()
    assert bound[2] < 1e-7


@pytest.mark.parametrize("contract", FLOAT8)
@pytest.mark.parametrize("dtype", OUT)
def test_a_contract_of_float8_is_one_line(contract: str, dtype: str) -> None:
    out = {"float32": "f32", "bfloat16": "bf16", "float16": "f16"}[dtype]
    line = f"{contract} × {contract} → f32, out {out}"
    assert str(precision(dtype, name=contract).contract) == line


NARROW = ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float6_e3m2fn", "float4_e2m1fn")


@pytest.mark.parametrize("name", NARROW)
def test_any_such_array_is_taken_as_it_is_given(name: str) -> None:
    given = np.array([[1.0, 0.5, -2.0]]).astype(getattr(ml_dtypes, name))
    value, bound = bounded(given, given.T, units=1, dtype="bfloat16")
    assert value == 5.25
    assert bound == 0
    with pytest.raises(ValueError, match=f"^{name} is for inputs: dtype is that of results"):
        bounded(given, given.T, units=1, dtype=given.dtype)


def test_a_candidate_is_judged_by_it_but_for_its_gradients() -> None:
    """Factors of a gradient are not known, and float8 is easily left: nothing is claimed there."""
    torch = pytest.importorskip("torch")

    def dense(x: Any, kernel: Any, bias: Any = None, **config: Any) -> Any:
        x8, kernel8 = (m.to(torch.float8_e4m3fn).float() for m in (x, kernel))
        product = x8 @ kernel8
        return (product if bias is None else product + bias.float()).to(x.dtype)

    options: Any = {
        "op": "layers/dense",
        "backend": "torch",
        "only": {"activation": "linear"},
        "dtypes": ["bfloat16"],
        "profile": "smoke",
        "contract": "e4m3",
    }
    verdicts = etalon.check(dense, laws=["values", "gradients"], **options)
    assert [v.verdict for v in verdicts] == ["conforms", "nothing claimed"]
    assert {v.contract for v in verdicts} == {"e4m3 × e4m3 → f32, out bf16"}
    with pytest.raises(AssertionError, match="beyond the bound"):
        etalon.check(dense, laws=["values"], **{**options, "contract": "default"})


def test_results_in_float64_have_no_factors_in_float8() -> None:
    with pytest.raises(ValueError, match="factors of float64 are not rounded to e4m3"):
        bounded(np.ones((1, 1)), np.ones((1, 1)), units=1, dtype="float64", contract="e4m3")
