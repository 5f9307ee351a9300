"""The spec: entries are plain values, expressions are walked, shapes are matched."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec
import numpy as np
import pytest

import etalon
from etalon import spec
from etalon.backends.numpy import adapter, definition
from etalon.spec.expressions import evaluate, names
from etalon.spec.shape_functions import UnknownName
from etalon.spec.shapes import InvalidCall, resolve
from etalon.spec.words import EDITIONS, KINDS, STRATA

OPS = list(spec.catalogue().values())
IDS = [op.id for op in OPS]


def test_the_catalogue_has_every_kind() -> None:
    assert len(OPS) >= 18
    assert {op.kind for op in OPS} == set(KINDS)


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_entries_are_plain_values(op: spec.Op) -> None:
    assert json.loads(json.dumps(msgspec.to_builtins(op)))["id"] == op.id
    assert op.module.split(".")[0] == op.kind
    assert op.id.partition("@")[2] == ("" if op.edition == EDITIONS[0] else op.edition)
    assert set(op.strata) <= set(STRATA)
    numbers = [constraint.id for constraint in op.constraints]
    assert numbers == [f"C{i + 1}" for i in range(len(numbers))]


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_the_reference_takes_what_the_entry_declares(op: spec.Op) -> None:
    parameters = set(inspect.signature(definition(op)).parameters)
    assert set(op.config) <= parameters
    for broken in op.constraints:
        if broken.breach is not None:
            assert set(broken.breach.assign) <= {*op.config, *op.dims}
            assert set(broken.breach.shapes) <= set(op.tensors)


def test_expressions_are_walked_not_evaluated() -> None:
    assert evaluate("a // 2 + len(b) if c else 0", {"a": 7, "b": (1, 2), "c": True}) == 5
    assert evaluate("0 <= rate < 1", {"rate": 0.5}) is True
    assert evaluate("window_lengths((5, 6), (3, 3), (2, 2), 'same')", {}) == (3, 3)
    assert names("min(strides) >= 1 and padding == 'same'") == {"strides", "padding"}
    for hostile in ("__import__('os')", "a.b", "(lambda: 1)()", "[x for x in a]", "open('f')"):
        with pytest.raises(ValueError, match="not allowed"):
            evaluate(hostile, {"a": (1,), "x": 1})
    with pytest.raises(UnknownName, match="b"):
        evaluate("a + b", {"a": 1})
    with pytest.raises(ValueError, match="not an expression"):
        evaluate("a +", {"a": 1})


def test_shapes_resolve() -> None:
    known = {"batch": (2, 3), "features": 4, "groups": 2}
    assert resolve("*batch features//groups", known) == (2, 3, 2)
    assert resolve("", known) == ()


def test_the_reference_refuses_invalid_calls_by_number() -> None:
    dense = etalon.reference("layers/dense")
    x, kernel, bias = np.ones((2, 3)), np.ones((3, 4)), np.ones(4)
    assert dense(x, kernel, bias).shape == (2, 4)
    assert dense(x, kernel, bias, units=4, activation="softmax").shape == (2, 4)
    with pytest.raises(InvalidCall, match=r"C1: kernel has shape \(4, 4\)"):
        dense(x, np.ones((4, 4)), bias)
    with pytest.raises(InvalidCall, match=r"C2: bias has shape \(5,\)"):
        dense(x, kernel, np.ones(5))
    conv2d = etalon.reference("layers/conv2d")
    image, filters = np.ones((1, 5, 5, 2)), np.ones((3, 3, 2, 4))
    assert conv2d(image, filters, strides=2).shape == (1, 2, 2, 4)
    assert conv2d(image, filters, padding="same").shape == (1, 5, 5, 4)
    with pytest.raises(InvalidCall, match="C5: strides are positive; got strides="):
        conv2d(image, filters, strides=(-1, 1))
    with pytest.raises(InvalidCall, match=r"C1: rate is|C1"):
        etalon.reference("dropout")(np.ones((2, 2)), rate=1.5, training=True)


def test_unknown_ops_are_told_what_is_close() -> None:
    with pytest.raises(spec.UnknownOp, match=r"did you mean layers/conv\dd"):
        etalon.reference("layers/convd")
    assert spec.find("mse").id == "losses/mean_squared_error"
    assert spec.find("dense").id == "layers/dense"


def test_every_op_has_a_reference() -> None:
    assert all(callable(adapter(op)) for op in OPS)


def test_bound_says_how_far_an_implementation_may_be() -> None:
    x, kernel = np.array([[0.1, 0.2]]), np.array([[1.0], [3.0]])
    value, bound = etalon.bound("layers/dense", x, kernel, None, dtype="float32")
    got = x.astype("float32") @ kernel.astype("float32")
    assert 0 < abs(got - value) <= bound < 1e-6
    weight = np.array([0.3])
    options: dict[str, Any] = {"sample_weight": weight, "reduction": "sum"}
    value, bound = etalon.bound("mse", x, x / 3, dtype="float64", **options)
    assert abs(etalon.reference("mse")(x, x / 3, **options) - value) <= bound < 1e-15
    parts, bounds = etalon.bound(
        "batch_normalization", x, None, None, np.zeros(2), np.ones(2), training=True
    )
    assert [part.shape for part in parts] == [part.shape for part in bounds] == [(1, 2), (2,), (2,)]
    with pytest.raises(ValueError, match="layers/dropout is random"):
        etalon.bound("layers/dropout", x, rate=0.5, training=True, seed=1)
