"""Sums whose additions are rounded towards zero, as a tensor core does, have a contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import etalon
from etalon.conformance.arithmetic.noise import Noise
from etalon.conformance.arithmetic.precision import precision
from summing import Numbers, aligned, in_dtype, in_float32, towards_zero

HALVES = ("bfloat16", "float16")
TERMS = (16, 64, 256, 1024, 4096)
ORDERS: dict[str, Callable[[Numbers, Numbers], Numbers]] = {
    "one by one": towards_zero,
    "by blocks of 4": aligned,
    "by blocks of 16": lambda x, kernel: aligned(x, kernel, 16),
    "to nearest": in_float32,
}


def drawn(dtype: str, terms: int, seed: int = 0, positive: bool = False) -> tuple[Numbers, Numbers]:
    """Return two matrices of numbers that the dtype holds, as float64."""
    rng = np.random.default_rng(seed)
    matrices = rng.standard_normal((8, terms)), rng.standard_normal((terms, 32))
    one, other = (np.abs(m) if positive else m for m in matrices)
    return one.astype(dtype).astype(float), other.astype(dtype).astype(float)


def errors(
    got: Numbers, x: Numbers, kernel: Numbers, dtype: str, contract: str, rate: Any = None
) -> Numbers:
    """Return the errors of the numbers of a product, in bounds."""
    config: Any = {"units": kernel.shape[1], "use_bias": False, "dtype": dtype}
    value, bound = etalon.bound("layers/dense", x, kernel, contract=contract, rate=rate, **config)
    off: Numbers = np.abs(got.astype(float) - value) / np.maximum(bound, np.finfo(float).tiny)
    return off


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("terms", TERMS)
def test_who_truncates_additions_keeps_it(terms: int, order: str, positive: bool) -> None:
    for dtype in HALVES:
        x, kernel = drawn(dtype, terms, positive=positive)
        total = ORDERS[order](x, kernel)
        for out in ("float32", dtype):
            for rate in (None, 1e-9):
                got = total.astype(out)
                assert errors(got, x, kernel, out, "tensor_core", rate).max() <= 1


@pytest.mark.parametrize("size", [1, 4, 8, 16])
def test_a_block_loses_no_more_than_its_additions(size: int) -> None:
    """Products of all exponents, most of them so small that alignment cuts them off."""
    for seed in range(50):
        rng = np.random.default_rng(seed)
        shape = 8, int(rng.integers(2, 200))
        x = np.ldexp(rng.uniform(0.5, 1, shape), rng.integers(-26, 2, shape))
        x = x.astype("float16").astype(float)
        kernel = np.ones((shape[1], 1)) * rng.choice([1.0, 2.0**-10], (shape[1], 1))
        got = aligned(x, kernel, size)
        assert errors(got, x, kernel, "float32", "tensor_core").max() <= 1


def test_truncation_is_no_noise() -> None:
    """It always errs the same way: beyond what is likely of roundings, within what may be."""
    x, kernel = drawn("float16", 4096, positive=True)
    got = towards_zero(x, kernel)
    assert errors(got, x, kernel, "float32", "default", 1e-9).min() > 1
    assert errors(got, x, kernel, "float32", "default").max() <= 1
    working = precision("float32", name="tensor_core").supposing(Noise.at(1e-9))
    assert working.summed(4096) == precision("float32", name="tensor_core").summed(4096)


LIARS: dict[str, Callable[[Numbers, Numbers, str], Numbers]] = {
    "zeros": lambda x, kernel, dtype: np.zeros((len(x), kernel.shape[1])),
    "one per cent too large": lambda x, kernel, dtype: 1.01 * (x @ kernel),
    "the last term left out": lambda x, kernel, dtype: x[:, :-1] @ kernel[:-1],
    "accumulated in 16 bits": in_dtype,
    "accumulated in 14 digits": lambda x, kernel, dtype: towards_zero(x, kernel, 14),
}


@pytest.mark.parametrize("dtype", HALVES)
@pytest.mark.parametrize("liar", LIARS)
def test_who_does_worse_is_refused(liar: str, dtype: str) -> None:
    x, kernel = drawn(dtype, 256)
    got = LIARS[liar](x, kernel, dtype).astype(dtype)
    assert np.mean(errors(got, x, kernel, dtype, "tensor_core") > 1) > 0.1


def test_integers_are_exact_towards_zero_too() -> None:
    rng = np.random.default_rng(0)
    x, kernel = rng.integers(-127, 128, (4, 512)), rng.integers(-1, 2, (512, 8))
    config: Any = {"units": 8, "use_bias": False, "contract": "tensor_core"}
    value, bound = etalon.bound("layers/dense", x.astype(float), kernel.astype(float), **config)
    assert (bound == 0).all()
    assert (aligned(x.astype(float), kernel.astype(float)) == value).all()


@pytest.mark.parametrize("dtype", HALVES)
def test_it_is_one_line_and_not_that_of_truncated_storage(dtype: str) -> None:
    short = {"bfloat16": "bf16", "float16": "f16"}[dtype]
    line = f"{short} × {short} → f32 towards zero, out {short}"
    assert str(precision(dtype, name="tensor_core").contract) == line
    x, kernel = drawn(dtype, 64)
    kept = errors(in_float32(x, kernel).astype(dtype), x, kernel, dtype, "tensor_core")
    assert kept.max() <= 1


def test_sums_in_float64_are_rounded_to_nearest_there() -> None:
    with pytest.raises(ValueError, match="sums of float64 are rounded to nearest"):
        precision("float64", name="tensor_core")
