"""Each measurement finds what a small backend with a known habit has, and not what it has not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.characteristics import measured
from etalon.conformance.characteristics.bench import Bench, filled
from etalon.conformance.subjects.subject import Subject
from habits import Adapter, Habit, findings, on_input, on_result, rounding


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


@pytest.mark.parametrize("op", ["layers/dense", "layers/conv2d"])
@pytest.mark.parametrize(
    ("bits", "finding"),
    [(8, "8 bits (bfloat16)"), (11, "11 bits (TF32 or float16)"), (16, "16 bits")],
)
def test_dropped_bits(op: str, bits: int, finding: str) -> None:
    assert findings(Habit(on_input(rounding(bits))), op)["precision of a product"] == finding


@pytest.mark.parametrize("op", sorted(spec.catalogue()))
def test_what_is_full_of_one_number_is_answered(op: str) -> None:
    bench = Bench(Subject(BACKENDS["numpy"]), spec.find(op), "float32")
    assert bench.answer(bench.case(), filled(bench.case(), 1.0)) is not None


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
