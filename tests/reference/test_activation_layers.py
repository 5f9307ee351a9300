"""The activation layers by hand; what they compute is checked with the activations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import etalon
from etalon.spec.shapes import InvalidCall

X = np.array([[-2.0, -0.0, 1.0], [3.0, -0.5, np.inf]])


@pytest.mark.parametrize(
    ("layer", "config", "wanted"),
    [
        ("leaky_relu", {}, [[-0.6, -0.0, 1.0], [3.0, -0.15, math.inf]]),
        ("leaky_relu", {"negative_slope": 0.5}, [[-1.0, -0.0, 1.0], [3.0, -0.25, math.inf]]),
        ("relu", {}, [[0.0, 0.0, 1.0], [3.0, 0.0, math.inf]]),
        (
            "relu",
            {"max_value": 2.0, "negative_slope": 0.5, "threshold": 1.0},
            [[-1.5, -0.5, 1.0], [2.0, -0.75, 2.0]],
        ),
        ("thresholded_relu", {}, [[0.0, 0.0, 0.0], [3.0, 0.0, math.inf]]),
        ("thresholded_relu", {"theta": 3.0}, [[0.0, 0.0, 0.0], [0.0, 0.0, math.inf]]),
        ("activation", {"activation": "relu"}, [[0.0, 0.0, 1.0], [3.0, 0.0, math.inf]]),
        ("activation", {"activation": None}, X.tolist()),
        ("elu", {}, [[math.expm1(-2), -0.0, 1.0], [3.0, math.expm1(-0.5), math.inf]]),
    ],
)
def test_layers_by_hand(layer: str, config: dict[str, Any], wanted: list[list[float]]) -> None:
    assert etalon.reference(f"layers/{layer}")(X, **config).tolist() == wanted


def test_prelu_shares_its_slopes_along_axes() -> None:
    x = -np.arange(1.0, 25.0).reshape(2, 3, 4)
    prelu = etalon.reference("layers/prelu")
    own = np.arange(12.0).reshape(3, 4)
    assert (prelu(x, own) == [x[0] * own, x[1] * own]).all()
    for axes, alpha in (((1,), own[:1]), (2, own[:, :1]), ((1, 2), own[1:2, 2:3])):
        found = prelu(x, alpha, shared_axes=axes)
        for b, i, j in np.ndindex(x.shape):
            row, column = i % alpha.shape[0], j % alpha.shape[1]
            assert found[b, i, j] == x[b, i, j] * alpha[row, column]
    assert (prelu(-x, own) == -x).all()


def test_prelu_refuses_slopes_of_another_shape() -> None:
    prelu = etalon.reference("layers/prelu")
    with pytest.raises(InvalidCall, match="C1: alpha"):
        prelu(np.ones((2, 3, 4)), np.ones((3, 4)), shared_axes=(1,))
    with pytest.raises(InvalidCall, match="C2: shared_axes"):
        prelu(np.ones((2, 3)), np.ones(3), shared_axes=(2,))


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("leaky_relu", "negative_slope"),
        ("relu", "max_value"),
        ("relu", "negative_slope"),
        ("relu", "threshold"),
        ("thresholded_relu", "theta"),
    ],
)
def test_what_is_negative_is_refused(layer: str, name: str) -> None:
    with pytest.raises(InvalidCall, match=f"{name} is not negative"):
        etalon.reference(f"layers/{layer}")(X, **{name: -1.0})


def test_softmax_takes_several_axes() -> None:
    softmax = etalon.reference("layers/softmax")
    x = np.log(np.arange(1.0, 25.0)).reshape(2, 3, 4)
    whole = np.arange(1.0, 25.0).reshape(2, 3, 4)
    for axis in ((1, 2), [-2, -1]):
        assert (
            np.abs(softmax(x, axis=axis) - whole / whole.sum((1, 2), keepdims=True)).max() < 1e-15
        )
    assert np.array_equal(softmax(x, axis=(1,)), softmax(x, axis=1))
    with pytest.raises(InvalidCall, match="C1: axis"):
        softmax(x, axis=(0, 3))


def test_softmax_is_over_what_the_mask_keeps() -> None:
    softmax = etalon.reference("layers/softmax")
    x = np.array([[0.0, math.log(3), -1e30], [np.nan, 5.0, 5.0], [1.0, 2.0, 3.0]])
    mask = np.array([[True, True, False], [False, True, True], [False, False, False]])
    wanted = [[0.25, 0.75, 0], [0, 0.5, 0.5], [0, 0, 0]]
    assert np.abs(softmax(x, mask=mask) - wanted).max() < 1e-15
    alike = softmax(x, mask=mask[0]), softmax(x, mask=np.stack([mask[0]] * 3))
    assert np.array_equal(*alike, equal_nan=True)
    assert softmax(-x[:1], mask=mask[:1]).tolist()[0][2] == 0
    with pytest.raises(InvalidCall, match="C3: mask"):
        softmax(x, mask=mask[..., None])
