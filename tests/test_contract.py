"""The precision contract: what it admits, what it refuses, and how a departure from it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import etalon
import summing
from etalon.backends import BACKENDS
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import parse
from etalon.conformance.judging.divergences import Divergence, match
from etalon.conformance.laws import find
from etalon.conformance.subjects.subject import Subject
from etalon.spec.words import CONTRACTS
from summing import Numbers, in_dtype

HALVES = ("bfloat16", "float16")


def drawn(dtype: str, terms: int, seed: int = 0) -> tuple[Numbers, Numbers]:
    """Return two matrices of numbers that the dtype holds, as float64."""
    rng = np.random.default_rng(seed)
    matrices = rng.standard_normal((8, terms)), rng.standard_normal((terms, 32))
    one, other = (matrix.astype(dtype).astype(float) for matrix in matrices)
    return one, other


def refused(got: Numbers, x: Numbers, kernel: Numbers, dtype: str, contract: str) -> float:
    """Return the share of numbers of a product that are beyond their bounds."""
    config = {"units": kernel.shape[1], "use_bias": False}
    value, bound = etalon.bound("layers/dense", x, kernel, dtype=dtype, contract=contract, **config)
    return float(np.mean(~(np.abs(got.astype(float) - value) <= bound)))


def in_float32(x: Numbers, kernel: Numbers, dtype: str) -> Numbers:
    """Accumulate one by one in float32, round once."""
    return summing.in_float32(x, kernel).astype(dtype)


def in_parts(x: Numbers, kernel: Numbers, dtype: str) -> Numbers:
    """Accumulate eight parts in float32, store them in 16 bits, and add these."""
    parts = [in_float32(x[:, k::8], kernel[k::8], dtype).astype(np.float32) for k in range(8)]
    return np.sum(parts, axis=0, dtype=np.float32).astype(dtype)


def truncated(x: Numbers, kernel: Numbers, dtype: str) -> Numbers:
    """Accumulate in float32, and cut off the digits that bfloat16 has not."""
    total = (x @ kernel).astype(np.float32)
    return (total.view(np.uint32) & 0xFFFF0000).view(np.float32).astype(dtype)


@pytest.mark.parametrize("dtype", HALVES)
@pytest.mark.parametrize("terms", [1, 2, 16, 256, 4096])
def test_who_accumulates_in_float32_keeps_the_contract(dtype: str, terms: int) -> None:
    x, kernel = drawn(dtype, terms)
    assert refused(in_float32(x, kernel, dtype), x, kernel, dtype, "default") == 0
    assert refused((x @ kernel).astype(dtype), x, kernel, dtype, "default") == 0


LIARS: dict[str, Callable[[Numbers, Numbers, str], Numbers]] = {
    "zeros": lambda x, kernel, dtype: np.zeros((len(x), kernel.shape[1])),
    "one per cent too large": lambda x, kernel, dtype: 1.01 * (x @ kernel),
    "the last term left out": lambda x, kernel, dtype: x[:, :-1] @ kernel[:-1],
    "accumulated in 16 bits": in_dtype,
    "stored in parts": in_parts,
}


@pytest.mark.parametrize("dtype", HALVES)
@pytest.mark.parametrize("liar", LIARS)
def test_who_does_not_is_refused(liar: str, dtype: str) -> None:
    x, kernel = drawn(dtype, 256)
    assert refused(LIARS[liar](x, kernel, dtype), x, kernel, dtype, "default") > 0.1


def test_who_truncates_is_refused() -> None:
    x, kernel = drawn("bfloat16", 256)
    got = truncated(x, kernel, "bfloat16")
    assert refused(got, x, kernel, "bfloat16", "default") > 0.1
    assert refused(got, x, kernel, "bfloat16", "truncated") == 0


@pytest.mark.parametrize("dtype", HALVES)
@pytest.mark.parametrize(("made", "contract"), [(in_dtype, "narrow"), (in_parts, "parts")])
def test_a_wider_contract_admits_its_own_way(made: Any, contract: str, dtype: str) -> None:
    x, kernel = drawn(dtype, 64)
    assert refused(made(x, kernel, dtype), x, kernel, dtype, contract) == 0
    assert refused(3 * made(x, kernel, dtype), x, kernel, dtype, contract) > 0.1


@pytest.mark.parametrize(
    ("dtype", "mode", "name", "line"),
    [
        ("bfloat16", "eager", "default", "bf16 × bf16 → f32, out bf16"),
        ("float16", "compiled", "narrow", "f16 × f16 → f16, out f16"),
        ("bfloat16", "eager", "truncated", "bf16 × bf16 → f32, truncated, out bf16"),
        ("float16", "eager", "parts", "f16 × f16 → f32, stored in parts, out f16"),
        ("float32", "tf32", "default", "tf32 × tf32 → f32, out f32"),
        ("float32", "eager", "bfloat16", "bf16 × bf16 → f32, out f32"),
        ("float64", "eager", "default", "f64 × f64 → f64, out f64"),
    ],
)
def test_a_contract_is_one_line(dtype: str, mode: str, name: str, line: str) -> None:
    assert str(precision(dtype, mode, name).contract) == line


def test_a_mode_is_the_contract_of_its_name() -> None:
    for mode in ("tf32", "bfloat16"):
        assert precision("float32", mode) == precision("float32", "eager", mode)


@pytest.mark.parametrize(
    ("dtype", "name", "says"),
    [
        ("float32", "fp8", "no contract is called 'fp8': there are default, narrow"),
        ("float16", "tf32", "factors of float16 are not rounded to tf32"),
    ],
)
def test_what_is_no_contract_is_said(dtype: str, name: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        etalon.bound("activations/relu", np.ones(2), dtype=dtype, contract=name)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_sum_of_one_term_is_exact(contract: str) -> None:
    dtype = "float32" if contract in ("tf32", "bfloat16") else "bfloat16"
    x = np.array([[3.0], [0.1]]).astype(dtype).astype(float)
    value, bound = etalon.bound(
        "losses/mean_squared_error", x, 0 * x, reduction="sum", dtype=dtype, contract=contract
    )
    assert bound < 0.1 * value
    sums = etalon.bound("layers/add", [x], dtype=dtype, contract=contract)
    assert (sums[1] == 0).all()


SUMS = parse(
    "layers/dense:bfloat16:normal:x1.0:s0:units=8,use_bias=false,activation=linear,"
    "batch=4x,features=64"
)


def entry(contract: str) -> Divergence:
    """Return an entry that says by which contract a dense layer departs."""
    return Divergence(
        id="own",
        nature="limitation",
        laws=("values",),
        when="dtype == 'bfloat16'",
        cases=(SUMS.id,),
        versions="1",
        what="…",
        contract=contract,
    )


class Planted(Subject):
    """NumPy's dense layer, accumulated in another way."""

    def __init__(self, made: Callable[[Numbers, Numbers, str], Numbers]) -> None:
        super().__init__(BACKENDS["numpy"])
        self.made = made

    def answer(self, case: Any, arguments: Any) -> tuple[Numbers, ...]:
        """Return the product as it was planted."""
        x, kernel = (arguments[name].astype(float) for name in ("x", "kernel"))
        return (self.made(x, kernel, case.dtype).astype(ml_dtypes.bfloat16),)


def test_a_departure_is_documented_as_far_as_it_keeps_another_contract() -> None:
    narrow, wrong = Planted(in_dtype), Planted(LIARS["zeros"])
    for subject in (narrow, wrong):
        assert not find("values")(subject, SUMS).holds

    def documented(subject: Subject, contract: str) -> bool:
        outcome = find("values")(subject, SUMS)
        return match(outcome, "values", subject, [entry(contract)]) is not None

    assert documented(narrow, "narrow")
    assert not documented(wrong, "narrow")
    assert not documented(narrow, "truncated")
    assert documented(wrong, "")


def test_a_candidate_names_its_contract() -> None:
    def dense(x: Any, kernel: Any, bias: Any = None, **config: Any) -> Any:
        return in_dtype(x.astype(float), kernel.astype(float), "bfloat16")

    options: Any = {
        "op": "layers/dense",
        "backend": "numpy",
        "case": SUMS.id,
        "laws": ["values"],
        "dtypes": ["bfloat16"],
    }
    with pytest.raises(AssertionError, match="beyond the bound"):
        etalon.check(dense, **options)
    (verdict,) = etalon.check(dense, **options, contract="narrow")
    assert verdict.verdict == "conforms"
    assert verdict.contract == "bf16 × bf16 → bf16, out bf16"
    with pytest.raises(ValueError, match="no contract is called 'wide'"):
        etalon.check(dense, **options, contract="wide")


def test_a_precision_is_as_wide_as_its_sums() -> None:
    half, single = precision("float16"), precision("float32")
    assert half.sums.largest == single.largest
    assert not np.any(half.overflown(np.array([1e5])))
    narrow = precision("float16", name="narrow")
    assert np.isinf(narrow.overflown(np.array([1e5]))).all()
    assert replace(single, dtype=half.dtype).summed(10) == half.summed(10)
