"""Each measurement finds what a small backend with a known habit has, and not what it has not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.backends import numpy as honest
from etalon.backends.package import Package
from etalon.conformance.characteristics import measured
from etalon.conformance.subjects.execution import Execution
from etalon.conformance.subjects.subject import Subject
from etalon.spec.model import Op

Adapter = Callable[..., Any]


class Habit(Subject):
    """NumPy with one adapter of its own, and with numerical or given derivatives."""

    def __init__(self, own: Adapter | None = None, slopes: Adapter | None = None) -> None:
        super().__init__(BACKENDS["numpy"])
        self.own = own
        parts: dict[str, Any] = {"gradients": _given(slopes)} if slopes else {}
        self.package = cast(
            Package,
            SimpleNamespace(
                adapter=honest.adapter,
                placed=_anywhere,
                from_numpy=honest.from_numpy,
                to_numpy=honest.to_numpy,
                **parts,
            ),
        )
        self._execution = Execution(self.package, self.mode)

    def adapter(self, op: Op) -> Adapter | None:
        """Return the adapter with the habit, around the honest one."""
        own, right = self.own, honest.adapter(op)
        return (lambda *args, **config: own(right, *args, **config)) if own else right


def _anywhere(device: str) -> AbstractContextManager[None]:
    return nullcontext()


def _given(slopes: Adapter) -> Adapter:
    def gradients(function: Adapter, tensors: Sequence[Any], cotangents: Sequence[Any]) -> Any:
        return [slopes(tensor) for tensor in tensors]

    return gradients


def findings(subject: Subject, op: str) -> dict[str, str]:
    """Return what is found in float32, by name."""
    found = measured(subject, spec.find(op))
    return {c.name: c.finding for c in found if c.dtype == "float32"}


def on_input(change: Callable[[Any], Any]) -> Adapter:
    """Return a habit that changes the first argument before the honest adapter sees it."""
    return lambda honest, x, *rest, **config: honest(change(x), *rest, **config)


def on_result(change: Callable[[Any], Any]) -> Adapter:
    """Return a habit that changes what the honest adapter returns."""
    return lambda honest, *args, **config: change(honest(*args, **config))


def test_the_honest_backend() -> None:
    dense = findings(Habit(), "layers/dense")
    assert dense["NaN"] == "propagates"
    assert dense["subnormals"] == "kept"
    assert dense["precision of a product"] == "24 bits (float32)"
    assert dense["the same call again"] == "the same bits"
    accuracy = findings(Habit(), "metrics/categorical_accuracy")
    assert accuracy["tie in argmax"] == "the first wins"
    assert accuracy["NaN in argmax"] == "counts as the largest"
    assert findings(Habit(), "layers/flatten")["sign of zero"] == "kept"
    assert findings(Habit(), "activations/elu")["a row depends on its batch"] == "no"


def test_a_product_in_float64_has_all_its_bits() -> None:
    found = measured(Habit(), spec.find("layers/dense"))
    (double,) = (c for c in found if c.dtype == "float64")
    assert double.finding == "53 bits (float64)"


def _cut(bits: int) -> Callable[[Any], Any]:
    """Round to so many significand bits."""

    def cut(x: Any) -> Any:
        fraction, exponent = np.frexp(x)
        rounded = np.ldexp(np.round(np.ldexp(fraction, bits)), exponent - bits)
        return rounded.astype(x.dtype)

    return cut


@pytest.mark.parametrize("op", ["layers/dense", "layers/conv2d"])
@pytest.mark.parametrize(
    ("bits", "finding"),
    [(8, "8 bits (bfloat16)"), (11, "11 bits (TF32 or float16)"), (16, "16 bits")],
)
def test_dropped_bits(op: str, bits: int, finding: str) -> None:
    assert findings(Habit(on_input(_cut(bits))), op)["precision of a product"] == finding


def _flush(x: Any) -> Any:
    return np.where(np.abs(x) < np.finfo(x.dtype).smallest_normal, 0, x).astype(x.dtype)


def test_flushed_subnormals() -> None:
    for op in ("layers/dense", "activations/relu"):
        assert findings(Habit(on_result(_flush)), op)["subnormals"] == "flushed to zero"


def test_a_lost_sign_of_zero() -> None:
    found = findings(Habit(on_result(lambda y: y + 0.0)), "layers/flatten")
    assert found["sign of zero"] == "lost"


def test_swallowed_nan() -> None:
    swallowed = findings(Habit(on_result(np.nan_to_num)), "activations/relu")
    assert swallowed["NaN"] == "swallowed"

    def first_only(x: Any) -> Any:
        y = np.nan_to_num(x)
        y.flat[0] = x.flat[0]
        return y

    partly = findings(Habit(on_input(first_only)), "layers/max_pooling2d")
    assert partly["NaN"] == "propagates from some positions, is swallowed in others"


def _accuracy(predict: Callable[[Any], Any]) -> Adapter:
    def accuracy(honest: Adapter, batches: Any, **config: Any) -> Any:
        ((true, scores),) = batches
        return np.mean(np.argmax(true, -1) == predict(scores)).astype(scores.dtype)

    return accuracy


def _last(scores: Any) -> Any:
    return scores.shape[-1] - 1 - np.argmax(scores[..., ::-1], -1)


def test_argmax_that_takes_the_last_and_passes_over_nan() -> None:
    tied = findings(Habit(_accuracy(_last)), "metrics/categorical_accuracy")
    assert tied["tie in argmax"] == "the last wins"
    passing = Habit(_accuracy(lambda scores: np.nanargmax(scores, -1)))
    found = findings(passing, "metrics/categorical_accuracy")
    assert found["NaN in argmax"] == "is passed over"


def _spike(index: int) -> Adapter:
    def slopes(x: Any) -> Any:
        y = np.zeros_like(x)
        y.flat[index] = 1
        return y

    return slopes


@pytest.mark.parametrize(
    ("slopes", "finding"),
    [
        (_spike(0), "the first gets it"),
        (_spike(-1), "the last gets it"),
        (_spike(1), "number 2 of 4 gets it"),
        (lambda x: np.full_like(x, 1 / x.size), "shared equally"),
        (np.ones_like, "each gets all of it"),
        (lambda x: np.full_like(x, 0.5), "each gets 0.5"),
    ],
)
def test_gradient_of_a_tie(slopes: Adapter, finding: str) -> None:
    found = findings(Habit(slopes=slopes), "layers/max_pooling2d")
    assert found["gradient of a tie"] == finding


@pytest.mark.parametrize("at_kink", [0.0, 0.25, 0.5, 1.0])
def test_subgradients(at_kink: float) -> None:
    def slopes(x: Any) -> Any:
        return np.where((x > 0) & (x < 6), 1.0, np.where((x == 0) | (x == 6), at_kink, 0.0))

    relu = findings(Habit(slopes=slopes), "activations/relu")
    assert relu["subgradient at x = threshold"] == f"{at_kink:g}"
    assert relu["subgradient at x = max_value"] == f"{at_kink:g}"


def test_where_it_is_smooth_there_is_no_subgradient() -> None:
    assert "subgradient at x = 0" not in findings(Habit(slopes=np.ones_like), "activations/elu")


def test_without_derivatives_the_rest_is_measured() -> None:
    found = findings(Habit(), "activations/relu")
    assert not any("gradient" in name for name in found)
    assert found["NaN"] == "propagates"


def test_a_call_that_does_not_repeat() -> None:
    calls: list[int] = []

    def drift(y: Any) -> Any:
        calls.append(1)
        return y + np.spacing(np.float32(1)) * len(calls)

    found = findings(Habit(on_result(drift)), "layers/dense")
    assert found["the same call again"] == "other bits"


@pytest.mark.parametrize(
    ("op", "size"),
    [("layers/max_pooling2d", 7), ("activations/relu", 33), ("losses/mean_squared_error", 2)],
)
def test_a_row_that_depends_on_its_batch(op: str, size: int) -> None:
    habit = Habit(on_result(lambda y: y * np.float32(1.5) if len(y) == size else y))
    found = {c.name: c for c in measured(habit, spec.find(op))}
    row = found["a row depends on its batch"]
    assert row.finding == "yes"
    assert row.detail.endswith(f"differs in those of {size}.")


def test_a_backend_that_refuses_has_no_characteristics() -> None:
    def refuse(honest: Adapter, *args: Any, **config: Any) -> Any:
        raise NotImplementedError

    assert findings(Habit(refuse), "layers/dense") == {}


def test_torch_differentiates() -> None:
    pytest.importorskip("torch")
    relu = findings(Subject(BACKENDS["torch"]), "activations/relu")
    assert relu["subgradient at x = threshold"] == "0"
    elu = findings(Subject(BACKENDS["torch"]), "activations/elu")
    assert elu["subgradient at x = 0"] in ("0.3", "1")


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
        return honest(_cut(bits)(x), _cut(bits)(kernel), *rest, **config)

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
