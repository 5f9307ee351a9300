"""What sums are accumulated in, and what is answered where nothing is claimed, is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from etalon import spec
from etalon.conformance.characteristics import measured
from etalon.conformance.subjects.subject import Subject
from habits import Adapter, Habit, on_result, rounding


def found_in(subject: Subject, op: str, dtype: str, name: str) -> str:
    """Return a finding in a dtype; nothing where there is none."""
    found = measured(subject, spec.find(op))
    return next((c.finding for c in found if (c.dtype, c.name) == (dtype, name)), "")


def _one_by_one(rows: Any, columns: Any) -> Any:
    """Multiply two matrices, and add each product to a sum in their own dtype."""
    total = np.zeros((*rows.shape[:-1], columns.shape[-1]), rows.dtype)
    for k in range(rows.shape[-1]):
        total = (total + rows[..., k, None] * columns[k]).astype(rows.dtype)
    return total


def _in_float32(rows: Any, columns: Any) -> Any:
    return rows.astype(np.float32) @ columns.astype(np.float32)


def _cut_off(rows: Any, columns: Any) -> Any:
    """Accumulate in float32, and cut off the digits that bfloat16 has not."""
    total = np.ascontiguousarray(_in_float32(rows, columns))
    return (total.view(np.uint32) & 0xFFFF0000).view(np.float32).astype(rows.dtype)


def multiplying(times: Callable[[Any, Any], Any]) -> Adapter:
    """Return a dense layer that multiplies matrices so, in 16 bits."""

    def dense(honest: Adapter, x: Any, kernel: Any, *rest: Any, **config: Any) -> Any:
        if x.dtype.itemsize > 2:
            return honest(x, kernel, *rest, **config)
        return times(x, kernel).astype(x.dtype)

    return dense


@pytest.mark.parametrize(
    ("times", "dtype", "contract"),
    [
        (_in_float32, "bfloat16", "default: bf16 × bf16 → f32, out bf16"),
        (_in_float32, "float16", "default: f16 × f16 → f32, out f16"),
        (_cut_off, "bfloat16", "truncated: bf16 × bf16 → f32, truncated, out bf16"),
        (_one_by_one, "bfloat16", "narrow: bf16 × bf16 → bf16, out bf16"),
        (_one_by_one, "float16", "narrow: f16 × f16 → f16, out f16"),
        (lambda x, kernel: 1.5 * _in_float32(x, kernel), "bfloat16", "by no contract"),
    ],
)
def test_what_sums_are_accumulated_in_is_named(times: Any, dtype: str, contract: str) -> None:
    assert found_in(Habit(multiplying(times)), "layers/dense", dtype, "sums") == contract


@pytest.mark.parametrize(
    ("bits", "contract"), [(24, "default: f32"), (11, "tf32: tf32"), (8, "bfloat16: bf16")]
)
def test_what_factors_are_rounded_to_is_named(bits: int, contract: str) -> None:
    def dense(honest: Adapter, x: Any, kernel: Any, *rest: Any, **config: Any) -> Any:
        return honest(rounding(bits)(x), rounding(bits)(kernel), *rest, **config)

    subject = Habit(dense if bits < 24 else None)
    assert found_in(subject, "layers/dense", "float32", "sums").startswith(contract)


@pytest.mark.parametrize(
    ("times", "contract"), [(_in_float32, "default: bf16"), (_one_by_one, "narrow: bf16")]
)
def test_so_is_what_the_sums_of_a_gradient_are_accumulated_in(times: Any, contract: str) -> None:
    subject = Habit(slopes=lambda tensor: tensor)

    def gradients(function: Adapter, tensors: Sequence[Any], cotangents: Sequence[Any]) -> Any:
        (x, kernel), (slope,) = tensors, cotangents
        return [
            _in_float32(slope, kernel.T).astype(x.dtype),
            times(x.T.copy(), slope).astype(x.dtype),
        ]

    subject.package.gradients = gradients  # type: ignore[attr-defined]
    found = found_in(subject, "layers/dense", "bfloat16", "sums of gradients")
    assert found.startswith(contract)


@pytest.mark.parametrize("op", ["activations/tanh", "layers/flatten", "activations/relu"])
def test_what_has_no_sum_has_no_accumulator(op: str) -> None:
    assert "sums" not in {c.name for c in measured(Habit(), spec.find(op))}


def test_what_is_answered_where_nothing_is_claimed() -> None:
    def clamped(result: Any) -> Any:
        largest = np.finfo(np.float32).max
        return np.clip(result, -largest, largest) if result.dtype == np.float32 else result

    honest = found_in(Habit(), "layers/dense", "float32", "where nothing is claimed")
    assert honest == "infinite, near"
    liar = Habit(on_result(clamped))
    assert found_in(liar, "layers/dense", "float32", "where nothing is claimed") == "near, clamped"
    silent = Habit(on_result(np.zeros_like))
    assert found_in(silent, "layers/dense", "float32", "where nothing is claimed") == "zero"
    assert found_in(Habit(), "layers/flatten", "float32", "where nothing is claimed") == ""
