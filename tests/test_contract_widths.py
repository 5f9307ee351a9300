"""Each contract is as wide as its worst case, which the next tighter one refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import etalon
from etalon.spec.words import CONTRACTS
from summing import Numbers, aligned, in_dtype, in_float32, towards_zero

HALF, SINGLE = 2.0**-11, 2.0**-24
"""Units in which 1 is rounded to even: what is added of that size is lost."""


@dataclass(frozen=True)
class Worst:
    """A product that its contract admits, and hardly more.

    Args:
        dtype: of the result.
        x: the one factors; the others are ones, or the same where ``squared``.
        tighter: the contracts that refuse it.
        got: the result.
        squared: whether the factor is multiplied by itself.
    """

    dtype: str
    x: Sequence[float]
    tighter: Sequence[str]
    got: float = 1.0
    squared: bool = False

    @property
    def factors(self) -> tuple[Numbers, Numbers]:
        """A row and a column."""
        row = np.array([self.x])
        return row, row.T if self.squared else np.ones_like(row).T

    def error(self, contract: str, got: float) -> float:
        """Return the error of a result, in bounds."""
        config: Any = {"units": 1, "use_bias": False, "dtype": self.dtype, "contract": contract}
        value, bound = etalon.bound("layers/dense", *self.factors, **config)
        return float(np.max(np.abs(got - value) / np.maximum(bound, np.finfo(float).tiny)))


def lost(unit: float, terms: int = 99) -> list[float]:
    """Return 1, and terms that are lost one by one where units are so large."""
    return [1.0, *[unit] * terms]


WORST = {
    "default": Worst("float32", lost(SINGLE), ()),
    "narrow": Worst("float16", lost(HALF, 50), ("default", "tensor_core", "truncated", "parts")),
    "parts": Worst("bfloat16", lost(2.0**-8, 2), ("default", "tensor_core")),
    "truncated": Worst("bfloat16", lost(2.0**-7 * (1 - 2.0**-8), 1), ("default", "tensor_core")),
    "tensor_core": Worst("float32", lost(2 * SINGLE * (1 - 2.0**-8)), ("default",)),
    "single": Worst("float64", lost(SINGLE), ("default",)),
    "tf32": Worst("float32", [1 + HALF], ("default", "tensor_core"), squared=True),
    "bfloat16": Worst("float32", [1 + 2.0**-8], ("default", "tf32"), squared=True),
    "e4m3": Worst("float32", [1 + 2.0**-4], ("default", "bfloat16"), squared=True),
    "e5m2": Worst("bfloat16", [1 + 2.0**-3], ("default", "e4m3"), squared=True),
}


def test_all_contracts_are_here() -> None:
    assert list(WORST) == list(CONTRACTS)


@pytest.mark.parametrize("name", WORST)
def test_it_admits_its_worst_case_and_hardly_more(name: str) -> None:
    """A bound of half the width would refuse it; in one of twice the width it would not be 0.75."""
    worst = WORST[name]
    assert 0.75 < worst.error(name, worst.got) <= 1
    assert worst.error(name, 0.0) > 1
    assert worst.error(name, 2.0) > 1


@pytest.mark.parametrize("name", WORST)
def test_tighter_ones_refuse_it(name: str) -> None:
    for tighter in WORST[name].tighter:
        assert WORST[name].error(tighter, WORST[name].got) > 1.5, tighter


def test_the_worst_cases_are_what_such_sums_come_to() -> None:
    for name, result in {
        "default": in_float32(*WORST["default"].factors),
        "narrow": in_dtype(*WORST["narrow"].factors, "float16"),
        "tensor_core": towards_zero(*WORST["tensor_core"].factors),
        "single": in_float32(*WORST["single"].factors),
    }.items():
        assert result == WORST[name].got, name
    assert aligned(*WORST["tensor_core"].factors) == 1
