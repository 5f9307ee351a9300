"""The dual array: its derivatives are right, its bounds hold, and a kink takes any subgradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from etalon import spec
from etalon.backends.numpy import definition, fixed, with_slope
from etalon.backends.numpy.special import normal_distribution, softmax_last_axis
from etalon.conformance.arithmetic import bounded, dual
from etalon.conformance.arithmetic.bounded import lift
from etalon.conformance.arithmetic.dual import Dual
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.arithmetic.tangent import Tangent
from etalon.conformance.cases.call import call, mapped
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.sampling import sample
from etalon.conformance.truths.gradients import Coordinate, gradient_truth
from etalon.spec.words import GRADIENTS

F32 = precision("float32")
STEP = np.ldexp(np.longdouble(1), -20)
"""The step of central differences: they are off by its square times the third derivative."""
SMALL = np.ldexp(np.longdouble(1), -8)
"""What varies within a unit takes a smaller step, down to that of a number of this size."""
DIFFERENTIABLE = [op for op in spec.catalogue().values() if GRADIENTS in op.laws]


def varying(x: Any, *more: Any) -> list[Dual]:
    """Return arrays as dual ones, each number of each a direction of its own."""
    arrays = [np.asarray(one, dtype=np.float64) for one in (x, *more)]
    count = sum(array.size for array in arrays)
    duals, done = [], 0
    for array in arrays:
        unit = np.zeros((count, array.size))
        unit[done + np.arange(array.size), np.arange(array.size)] = 1
        unit = unit.reshape(count, *array.shape)
        duals.append(Dual(lift(array, F32), Tangent(unit, unit, np.zeros_like(unit), F32)))
        done += array.size
    return duals


def derivative(function: Callable[[Any], Any], x: float) -> tuple[float, float]:
    (dual,) = varying(x)
    with np.errstate(all="ignore"):
        tangent = function(dual).tangent
    return float(tangent.value[0]), float(tangent.error[0])


def results_of(case: Case, arguments: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the results in the widest arithmetic."""
    own = {name for name, tensor in case.op.tensors.items() if tensor.dtype}
    wide = {
        name: value if name in own else mapped(lambda a: a.astype(np.longdouble), value)
        for name, value in arguments.items()
    }
    with np.errstate(all="ignore"):
        return call(definition(case.op), case, wide, lambda x: x, np.longdouble)


def masks(case: Case, results: tuple[Any, ...]) -> list[Any]:
    """Return the results that are no numbers, as lists."""
    pairs = zip(results, case.op.outputs.values(), strict=True)
    return [result.tolist() for result, tensor in pairs if tensor.dtype]


def moved(argument: Any, coordinate: Coordinate, by: Any) -> Any:
    array = argument.astype(np.longdouble)
    array.reshape(-1)[coordinate.index] += by
    return array


@pytest.mark.parametrize("op", DIFFERENTIABLE, ids=lambda op: op.id)
def test_the_truth_is_the_limit_of_differences(op: spec.Op) -> None:
    cases = [c for c in sample(op, GRADIENTS, "float32", "quick", 0) if c.stratum == "normal"]
    for case in cases[:4]:
        arguments = case.arguments()
        arrays = {n: a for n, a in arguments.items() if isinstance(a, np.ndarray) and a.size}
        varied = {n for n, t in op.tensors.items() if t.differentiable and not t.dtype}
        for name in (n for n in arrays if n in varied):
            coordinates = [Coordinate(0, index) for index in range(0, arrays[name].size, 3)]
            result = results_of(case, arguments)
            size = np.shape(result[0])
            cotangent = np.random.RandomState(1).choice([-1.0, 0.5, 2.0], size=size)
            numbers = [tensor for tensor in op.outputs.values() if not tensor.dtype]
            zeros = [np.zeros(1)] * (len(numbers) - 1)
            truth = gradient_truth(case, arguments, [name], [cotangent, *zeros], coordinates, F32)
            for i, coordinate in enumerate(coordinates):
                step = STEP * np.clip(abs(arrays[name].flat[coordinate.index]), SMALL, 1)
                ahead, back = (
                    results_of(case, {**arguments, name: moved(arrays[name], coordinate, s)})
                    for s in (step, -step)
                )
                if not masks(case, ahead) == masks(case, back) == masks(case, result):
                    continue  # a jump, of which there is no limit
                rise = np.sum(ahead[0] * cotangent) - np.sum(back[0] * cotangent)
                off = abs(rise / (2 * step) - truth.value[i])
                assert off <= truth.bound[i] + 100 * STEP**2, (case.id, name, coordinate)


@pytest.mark.parametrize(
    ("function", "x", "slope"),
    [
        (np.exp, 0.5, np.exp(0.5)),
        (np.expm1, -2.0, np.exp(-2.0)),
        (np.log, 3.0, 1 / 3),
        (np.log1p, 3.0, 1 / 4),
        (lambda x: np.logaddexp(x, 0.0), 1.0, 1 / (1 + np.exp(-1.0))),
        (lambda x: np.logaddexp(x, 0.0), -500.0, np.exp(-500.0)),
        (lambda x: np.logaddexp(2.0, x), 1.0, 1 / (1 + np.exp(1.0))),
        (normal_distribution, -0.5, np.exp(-0.125) / np.sqrt(2 * np.pi)),
        (
            lambda x: softmax_last_axis(np.stack([x, 0 * x]))[0],
            0.5,
            np.exp(-0.5) / (1 + np.exp(-0.5)) ** 2,
        ),
        (lambda x: with_slope(np.exp(fixed(x)), x, 2 + 0 * fixed(x)), 0.5, 2.0),
        (np.tanh, 0.3, 1 - np.tanh(0.3) ** 2),
        (np.sin, 0.3, np.cos(0.3)),
        (np.cos, 0.3, -np.sin(0.3)),
        (lambda x: x * np.full_like(x, 3, shape=()), 0.3, 3.0),
        (np.sqrt, 2.0, 0.5 / np.sqrt(2)),
        (np.square, -3.0, -6.0),
        (np.absolute, -3.0, -1.0),
        (np.negative, 1.0, -1.0),
        (lambda x: x * x * x, 2.0, 12.0),
        (lambda x: 1 / x, 2.0, -0.25),
        (lambda x: x / (1 + x), 2.0, 1 / 9),
        (lambda x: 3 - x, 2.0, -1.0),
        (lambda x: np.maximum(x, 1.0), 2.0, 1.0),
        (lambda x: np.minimum(x, 1.0), 2.0, 0.0),
        (lambda x: np.where(x > 1, x * x, 0.0), 2.0, 4.0),
        (lambda x: np.where(np.any(np.stack([x, x + 1]) > 0), 3 * x, 0.0), 0.0, 3.0),
        (lambda x: np.sum(np.stack([x, x, 2 * x])), 2.0, 4.0),
    ],
)
def test_derivatives_of_elementary_functions(function: Any, x: float, slope: float) -> None:
    found, error = derivative(function, x)
    assert abs(found - slope) <= max(error, 1e-15)
    assert error <= 40 * F32.unit * max(abs(slope), 1)


@pytest.mark.parametrize(
    ("function", "x", "low", "high"),
    [
        (np.absolute, 0.0, -1, 1),
        (lambda x: np.maximum(x, 0.0), 0.0, 0, 1),
        (lambda x: np.minimum(x, 6.0), 6.0, 0, 1),
        (lambda x: np.where(x > 0, x, 0.1 * x), 0.0, 0.1, 1),
        (lambda x: np.max(np.stack([x, 2 * x, -x])), 0.0, -1, 2),
        (lambda x: np.where(np.any(np.stack([x, x - 1]) > 0), x, 0.0), 0.0, 0, 1),
    ],
)
def test_a_kink_takes_any_subgradient(function: Any, x: float, low: float, high: float) -> None:
    found, error = derivative(function, x)
    assert found - error <= low
    assert found + error >= high
    assert 2 * error <= 2.1 * (high - low)


def test_cancelling_paths_keep_their_rounding() -> None:
    """In the order of reverse mode the two paths are rounded before they cancel."""
    found, error = derivative(lambda x: (3 * x) / 7 - (3 * x) / 7, 1.0)
    assert found == 0
    assert error >= 2 * F32.unit * 3 / 7


def test_nothing_is_claimed_of_derivatives_of_nan() -> None:
    assert derivative(lambda x: np.minimum(x / 0.0, 1.0), 0.0)[1] == np.inf


def test_every_rule_for_bounded_arrays_has_one_for_dual_arrays() -> None:
    assert set(dual.FUNCTIONS) == set(bounded.FUNCTIONS)
    assert set(dual.UFUNCS) == set(bounded.UFUNCS) - {np.power}


def test_what_has_no_rule_is_said() -> None:
    x: Any = varying(1.0)[0]
    with pytest.raises(TypeError, match=r"no derivative for numpy\.arctan"):
        np.arctan(x)
    with pytest.raises(TypeError, match=r"no rule for numpy\.linalg\.det|no rule for numpy\.det"):
        np.linalg.det(x)


def shape(x: Any) -> tuple[int, ...]:
    found: tuple[int, ...] = x.tangent.value.shape
    return found


def test_moving_numbers_moves_their_derivatives() -> None:
    duals: list[Any] = [*varying(np.arange(12.0).reshape(2, 3, 2), np.arange(2.0))]
    x, w = duals
    assert shape(np.moveaxis(x, 0, -1)) == (14, 3, 2, 2)
    assert shape(np.transpose(x)) == (14, 2, 3, 2)
    assert shape(np.reshape(x, (4, 3))) == (14, 4, 3)
    assert shape(np.expand_dims(x, 1)) == (14, 2, 1, 3, 2)
    assert shape(np.squeeze(np.expand_dims(x, 1), 1)) == (14, 2, 3, 2)
    assert shape(np.take_along_axis(x, np.zeros((2, 1, 2), int), axis=1)) == (14, 2, 1, 2)
    assert shape(np.broadcast_to(w, (5, 2))) == (14, 5, 2)
    assert shape(np.concatenate([x, x[:1]], axis=0)) == (14, 3, 3, 2)
    assert shape(np.pad(w, [(1, 2)])) == (14, 5)
    assert shape(np.einsum("abc,c->ba", x, w)) == (14, 3, 2)
    product = x * w
    assert (product.tangent.value[12:] == [x.value.value * [1, 0], x.value.value * [0, 1]]).all()
    assert (product.tangent.value[0, 0, 0] == [0, 0]).all()
    assert (product.tangent.value[1, 0, 0] == [0, 1]).all()


def test_derivatives_of_sums_of_products_are_those_of_the_product_and_sum() -> None:
    duals: list[Any] = [*varying(np.arange(12.0).reshape(2, 3, 2), np.arange(6.0).reshape(2, 3))]
    x, w = duals
    found: Any = np.einsum("abc,cb->ac", x, w)
    wanted: Any = np.sum(x * np.transpose(w), axis=1)
    fixed_: Any = np.einsum("abc,cb->ac", x, w.value)
    assert (found.value.value == wanted.value.value).all()
    assert (found.tangent.value == wanted.tangent.value).all()
    assert (found.tangent.magnitude == wanted.tangent.magnitude).all()
    one_path = found.tangent.error - F32.accumulated(1) * found.tangent.magnitude
    assert not one_path.any()  # each derivative with respect to one number is one number
    assert (fixed_.tangent.value[:12] == found.tangent.value[:12]).all()
    assert not fixed_.tangent.value[12:].any()
