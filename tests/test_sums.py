"""Exact sums, and rounded ends: where no order can round, and where one number alone is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from etalon.conformance.arithmetic.bounded import lift
from etalon.conformance.arithmetic.precision import precision

F32 = precision("float32")
WIDE = np.random.default_rng(1).integers(-(2**13), 2**13, (6, 4096)).astype(float)
SPARSE = np.where(np.random.default_rng(2).random((4096, 5)) < 0.1, 1.0, 0.0)


def test_sums_that_no_order_can_round_are_exact() -> None:
    """Their terms are multiples of a power of two, and 24 bits hold the sum of magnitudes."""
    for scale in (1.0, 2.0**-20, 2.0**30):
        product: Any = lift(scale * WIDE, F32) @ lift(SPARSE, F32)
        assert (product.bound == 0).all()
        assert (np.sum(lift(scale * WIDE[:, :1000], F32), axis=1).bound == 0).all()


def test_a_sum_is_exact_as_far_as_the_accumulator_has_digits() -> None:
    for most, exact in ((2.0**24 - 1, True), (2.0**24, True), (2.0**24 + 2, False)):
        total: Any = np.sum(lift(np.array([most - 1, 1.0]), F32))
        assert (total.bound == 0) is np.bool_(exact)
    assert np.sum(lift(np.array([2.0**24, 2.0**-1]), F32)).bound > 0
    assert np.sum(lift(np.array([1.0, 2.0]), F32) * (1 / 3)).bound > 0
    assert (lift(WIDE, precision("float32", "tf32")) @ lift(SPARSE, F32)).bound.all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_an_exact_sum_of_16_bits_is_rounded_once_correctly(dtype: str) -> None:
    half = precision(dtype)
    product: Any = lift(np.floor(WIDE / 64), half) @ lift(np.ones((4096, 1)), half)
    rounded = product.value.astype(dtype).astype(float)
    assert (product.bound == np.abs(rounded - product.value)).all()
    assert product.bound.any()


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_one_operation_is_rounded_to_what_is_nearest_or_not_at_all(dtype: str) -> None:
    """Of exact operands, the bound is the distance to the nearest number of the format."""
    working, rng = precision(dtype), np.random.default_rng(3)
    x, y = (rng.standard_normal(500).astype(dtype).astype(float) for _ in "xy")
    for found, value in (
        (lift(x, working) + lift(y, working), x + y),
        (lift(x, working) * lift(y, working), x * y),
        (lift(x, working) / lift(y, working), x / y),
        (np.sqrt(np.abs(lift(x, working))), np.sqrt(np.abs(x))),
    ):
        nearest = np.abs(value.astype(np.float32).astype(dtype).astype(float) - value)
        assert (nearest <= found.bound).all()
        assert (found.bound <= nearest + 2.0**-51 * np.abs(value)).all()


def test_a_stored_sum_lies_between_the_rounded_ends_of_what_was_accumulated() -> None:
    """Where both ends are rounded to one number, that alone is admitted."""
    half, rng = precision("bfloat16"), np.random.default_rng(4)
    x, y = (rng.standard_normal(shape).astype("bfloat16") for shape in ((20, 300), (300, 20)))
    product: Any = lift(x, half) @ lift(y, half)
    wide = lift(x.astype(np.float32), F32) @ lift(y.astype(np.float32), F32)
    ends = [(wide.value + s * wide.bound).astype(np.float32).astype("bfloat16") for s in (-1, 1)]
    same = ends[0] == ends[1]
    assert same.mean() > 0.75
    off = np.abs(ends[0].astype(float) - wide.value)
    assert (product.bound[same] <= off[same] + 2 * wide.bound[same]).all()
    assert (product.bound >= off).all()


def test_what_is_added_one_by_one_in_any_order_stays_within_an_exact_sum() -> None:
    product: Any = lift(WIDE, F32) @ lift(SPARSE, F32)
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(4096)
        total = np.zeros((6, 5), np.float32)
        for k in order:
            total += WIDE[:, k, None].astype(np.float32) * SPARSE[k].astype(np.float32)
        assert (total == product.value).all()
