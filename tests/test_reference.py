"""The reference, checked by what shares nothing with it: loops, closed forms, cases by hand."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon
from arrays import eighths
from etalon.conformance.arithmetic.precision import precision

Numbers = Any
U = precision("float64").unit


def padding(length: int, span: int, stride: int, mode: str) -> tuple[int, int]:
    out = -(-length // stride) if mode == "same" else (length - span) // stride + 1
    total = max((out - 1) * stride + span - length, 0) if mode == "same" else 0
    return out, total // 2


@pytest.mark.parametrize(
    ("strides", "mode", "dilation", "groups"),
    [
        ((1, 1), "valid", (1, 1), 1),
        ((2, 1), "same", (1, 1), 2),
        ((1, 1), "same", (2, 1), 1),
        ((3, 2), "valid", (1, 1), 2),
        ((1, 1), "valid", (1, 2), 2),
    ],
)
def test_conv2d_is_the_sum_over_all_taps(
    strides: tuple[int, int], mode: str, dilation: tuple[int, int], groups: int
) -> None:
    x, kernel, bias = eighths(2, 6, 7, 4), eighths(3, 2, 4 // groups, 6, seed=1), eighths(6, seed=2)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel.shape[:2], dilation, strict=True)]
    (rows, top), (columns, left) = (
        padding(n, k, s, mode) for n, k, s in zip(x.shape[1:3], spans, strides, strict=True)
    )
    wanted = np.zeros((2, rows, columns, 6))
    for b, i, j, f in np.ndindex(wanted.shape):
        wanted[b, i, j, f] = bias[f]
        for p, q, c in np.ndindex(3, 2, 4 // groups):
            row = i * strides[0] + p * dilation[0] - top
            column = j * strides[1] + q * dilation[1] - left
            if 0 <= row < 6 and 0 <= column < 7:
                channel = f // (6 // groups) * (4 // groups) + c
                wanted[b, i, j, f] += x[b, row, column, channel] * kernel[p, q, c, f]
    options: dict[str, Any] = {"padding": mode, "dilation_rate": dilation, "groups": groups}
    conv2d = etalon.reference("layers/conv2d")
    assert (conv2d(x, kernel, bias, strides=strides, **options) == wanted).all()
    first = conv2d(
        x.transpose(0, 3, 1, 2),
        kernel,
        bias,
        strides=strides,
        data_format="channels_first",
        **options,
    )
    assert (first.transpose(0, 2, 3, 1) == wanted).all()


@pytest.mark.parametrize(
    ("size", "strides", "mode"),
    [
        ((2, 3), (2, 1), "valid"),
        ((3, 2), (1, 2), "same"),
        ((2, 2), (3, 3), "same"),
    ],
)
def test_max_pooling2d_is_the_largest_in_view(
    size: tuple[int, int], strides: tuple[int, int], mode: str
) -> None:
    x = eighths(2, 5, 7, 3)
    (rows, top), (columns, left) = (
        padding(n, k, s, mode) for n, k, s in zip(x.shape[1:3], size, strides, strict=True)
    )
    y = etalon.reference("max_pooling2d")(x, pool_size=size, strides=strides, padding=mode)
    assert y.shape == (2, rows, columns, 3)
    for b, i, j, c in np.ndindex(y.shape):
        seen = [
            x[b, row, column, c]
            for row, column in itertools.product(
                range(i * strides[0] - top, i * strides[0] - top + size[0]),
                range(j * strides[1] - left, j * strides[1] - left + size[1]),
            )
            if 0 <= row < 5 and 0 <= column < 7
        ]
        assert y[b, i, j, c] == max(seen)


def test_dense_in_exact_arithmetic() -> None:
    x, kernel, bias = eighths(3, 4), eighths(4, 2, seed=1), eighths(2, seed=2)
    y = etalon.reference("dense")(x, kernel, bias)
    for i, j in np.ndindex(y.shape):
        products = [Fraction(a) * Fraction(b) for a, b in zip(x[i], kernel[:, j], strict=True)]
        assert Fraction(y[i, j]) == sum(products, Fraction(bias[j]))


def test_activations_have_their_closed_forms() -> None:
    relu, elu = etalon.reference("relu"), etalon.reference("elu")
    x = np.array([-3.0, -0.0, 0.5, 1.0, 2.0, 9.0])
    options = {"negative_slope": 0.25, "max_value": 6.0, "threshold": 1.0}
    assert relu(x, **options).tolist() == [-1.0, -0.25, -0.125, 1.0, 2.0, 6.0]
    assert relu(np.array([-np.inf, np.nan]))[0] == 0
    assert elu(np.array([-1e-20, 3.0]), alpha=2.0).tolist() == [-2e-20, 3.0]
    logs = np.log(np.array([[1.0, 2.0, 5.0]]))
    assert np.abs(etalon.reference("softmax")(logs) * 8 - [[1, 2, 5]]).max() <= 60 * U


def test_batch_normalization_by_hand() -> None:
    x = np.array([[1.0], [2.0], [6.0]])
    moving = np.array([8.0]), np.array([4.0])
    y, mean, variance = etalon.reference("batch_normalization")(
        x, np.array([3.0]), np.array([1.0]), *moving, training=True, momentum=0.5, epsilon=7 / 3
    )
    assert (mean.item(), variance.item()) == (5.5, (4 + 14 / 3) / 2)
    root = math.sqrt(7)
    assert np.abs(y.ravel() - [1 - 6 / root, 1 - 3 / root, 1 + 9 / root]).max() <= 16 * U
    same = etalon.reference("batch_normalization")(
        x, None, None, *moving, training=False, epsilon=0.0, center=False, scale=False
    )
    assert same[0].ravel().tolist() == [-3.5, -3.0, -1.0]
    assert same[1:] == moving


def test_sgd_by_hand() -> None:
    w, gradients = np.array([1.0]), np.array([[2.0], [4.0]])
    sgd = etalon.reference("sgd")
    assert sgd(w, gradients, learning_rate=0.25).ravel().tolist() == [1.0, 0.5, -0.5]
    heavy = sgd(w, gradients, learning_rate=0.25, momentum=0.5)
    assert heavy.ravel().tolist() == [1.0, 0.5, 0.5 - 1.25]
    ahead = sgd(w, gradients, learning_rate=0.25, momentum=0.5, nesterov=True)
    assert ahead.ravel().tolist() == [1.0, 1 - 0.75, 0.25 - 0.625 - 1.0]


def test_adam_by_hand() -> None:
    """Kingma & Ba 2015, algorithm 1 with the epsilon of the end of section 2."""
    path = etalon.reference("adam")(
        np.array([1.0]),
        np.array([[2.0], [0.0]]),
        learning_rate=0.5,
        beta_1=0.5,
        beta_2=0.75,
        epsilon=0.25,
    )
    first = 0.5 * math.sqrt(0.25) / 0.5 * 1.0 / (math.sqrt(1.0) + 0.25)
    second = 0.5 * math.sqrt(1 - 0.5625) / 0.75 * 0.5 / (math.sqrt(0.75) + 0.25)
    assert np.abs(path.ravel() - [1.0, 1 - first, 1 - first - second]).max() <= 16 * U


def test_losses_by_hand() -> None:
    true, predicted = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[0.0, 2.0], [0.0, 1.0]])
    mse, weight = etalon.reference("mse"), np.array([2.0, 1.0])
    assert mse(true, predicted).tolist() == [2.5, 0.5]
    assert mse(true, predicted, sample_weight=weight, reduction="sum") == 5.5
    assert mse(true, predicted, sample_weight=weight, reduction="sum_over_batch_size") == 2.75
    assert (
        mse(true, predicted, sample_weight=weight, reduction="mean_with_sample_weight") == 5.5 / 3
    )
    assert mse(true, predicted, sample_weight=0 * weight, reduction="mean_with_sample_weight") == 0
    crossentropy = etalon.reference("categorical_crossentropy")
    hot, share = np.array([[0.0, 1.0, 0.0]]), np.array([[1.0, 2.0, 1.0]])
    assert abs(crossentropy(hot, share).item() - math.log(2)) <= 4 * U
    assert abs(crossentropy(hot, np.log(share), from_logits=True).item() - math.log(2)) <= 8 * U
    smooth = crossentropy(hot, share, label_smoothing=0.75).item()
    assert abs(smooth - (0.5 * math.log(2) + 0.5 * math.log(4))) <= 8 * U
    assert abs(crossentropy(hot, hot[:, ::-1] * 0 + [[1, 0, 0]]).item() + math.log(1e-7)) <= 64 * U


def test_the_rest_by_hand() -> None:
    assert etalon.reference("l2")(np.array([[1.0, 2.0], [3.0, 0.0]]), l2=0.5) == 7.0
    x = np.arange(12.0).reshape(1, 2, 3, 2)
    assert etalon.reference("flatten")(x).tolist() == [list(range(12))]
    first = etalon.reference("flatten")(x, data_format="channels_first")
    assert first.tolist() == [[0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]]
    joined = etalon.reference("concatenate")([x, x[..., :1]], axis=-1)
    assert joined[0, 1, 2].tolist() == [10.0, 11.0, 10.0]
    accuracy = etalon.reference("categorical_accuracy")
    hot = np.eye(2)
    tied = np.array([[0.5, 0.5], [0.5, 0.5]])
    assert accuracy([(hot, tied), (hot[:1], np.array([[0.0, 1.0]]))]) == 1 / 3
    assert accuracy([(hot, tied, np.zeros(2))]) == 0
    assert accuracy([(hot, tied, np.array([3.0, 1.0]))]) == 0.75


def test_random_ops_repeat_with_their_seed() -> None:
    for name, shape in (("glorot_normal", (30, 20)), ("orthogonal", (4, 3))):
        draw = etalon.reference(name)
        assert (draw(shape, seed=1) == draw(shape, seed=1)).all()
        assert (draw(shape, seed=1) != draw(shape, seed=2)).any()
        assert draw(shape, dtype="float64", seed=1).dtype == np.float64
    matrix = etalon.reference("orthogonal")((5, 3), dtype="float64", seed=1, gain=2.0)
    assert np.abs(matrix.T @ matrix - 4 * np.eye(3)).max() <= 200 * U
    spread = etalon.reference("glorot_normal")((300, 200), dtype="float64", seed=0)
    assert np.abs(spread).max() <= 2 * math.sqrt(2 / 500) / 0.87962566103423978
    assert abs(spread.var() / (2 / 500) - 1) < 0.02
