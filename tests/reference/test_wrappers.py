"""The layers that wrap another one, by hand and number by number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from arrays import layer
from etalon.spec.model import FLAG
from etalon.spec.shapes import InvalidCall

Array = Any
ON = FLAG.values
ONE = (np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
"""The weights of a layer of one unit that adds what enters to what it has."""
MERGED: dict[str, Callable[[int, int], float]] = {
    "sum": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "ave": lambda a, b: (a + b) / 2,
}


@pytest.fixture
def adding(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Array]:
    """Return a bidirectional layer that adds up: its recurrent layer is linear."""
    from etalon.backends.numpy.layers import recurrent

    def linear(*args: Any, **config: Any) -> Array:
        return recurrent.simple_rnn(*args, activation="linear", **config)

    monkeypatch.setattr(recurrent, "adding", linear, raising=False)

    def run(x: Array, **config: Any) -> Array:
        from etalon.backends.numpy.layers.wrappers import bidirectional

        return bidirectional(x, *ONE, *ONE, layer="adding", **config)

    return run


X = np.array([[[1.0], [2.0], [4.0], [8.0]]])
FORWARDS, BACKWARDS = [1, 3, 7, 15], [15, 14, 12, 8]


def test_both_directions_are_side_by_side_in_time(adding: Callable[..., Array]) -> None:
    y = adding(X, return_sequences=True)
    assert y.tolist() == [[list(pair) for pair in zip(FORWARDS, BACKWARDS, strict=True)]]
    assert adding(X).tolist() == [[15, 15]]
    mixed = X * [[[1], [-1], [1], [1]]]
    assert adding(mixed, return_sequences=True)[0, :, 1].tolist() == [11, 10, 12, 8]


@pytest.mark.parametrize("mode", MERGED)
def test_both_directions_are_merged(adding: Callable[..., Array], mode: str) -> None:
    y = adding(X, return_sequences=True, merge_mode=mode)
    pairs = zip(FORWARDS, BACKWARDS, strict=True)
    assert y[0, :, 0].tolist() == [MERGED[mode](*pair) for pair in pairs]
    assert adding(X, merge_mode=mode).tolist() == [[MERGED[mode](15, 15)]]


def test_a_masked_step_gives_zeros_and_keeps_the_states(adding: Callable[..., Array]) -> None:
    mask = np.array([[True, False, True, False]])
    y = adding(X, mask=mask, return_sequences=True)
    assert y.tolist() == [[[1, 5], [0, 0], [5, 4], [0, 0]]]
    assert adding(X, mask=mask).tolist() == [[5, 5]]


@pytest.mark.parametrize("sequences", ON)
@pytest.mark.parametrize(("name", "gates"), [("simple_rnn", 1), ("lstm", 4), ("gru", 3)])
def test_the_directions_are_the_layer_with_other_weights(
    name: str, gates: int, sequences: bool
) -> None:
    draw = np.random.RandomState(0).standard_normal
    x, rows = draw((2, 3, 2)), (2,) if name == "gru" else ()
    one, other = (
        (draw((2, 3 * gates)), draw((3, 3 * gates)), draw((*rows, 3 * gates))) for _ in range(2)
    )
    y = layer("bidirectional", x, *one, *other, layer=name, return_sequences=sequences)
    forwards = layer(name, x, *one, return_sequences=sequences)
    backwards = layer(name, x[:, ::-1], *other, return_sequences=sequences)
    wanted = backwards[:, ::-1] if sequences else backwards
    assert (y == np.concatenate([forwards, wanted], axis=-1)).all()


def test_calls_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidCall, match="C1: forward_kernel"):
        layer("bidirectional", X, np.ones((2, 1)), *ONE[1:], *ONE, layer="simple_rnn")
    with pytest.raises(InvalidCall, match="C2: backward_kernel"):
        layer("bidirectional", X, *ONE, np.ones((2, 1)), *ONE[1:], layer="simple_rnn")
    with pytest.raises(InvalidCall, match="C3: merge_mode is"):
        layer("bidirectional", X, *ONE, *ONE, layer="simple_rnn", merge_mode="max")
    with pytest.raises(InvalidCall, match="C3: a convolution needs"):
        layer("time_distributed", np.ones((1, 2, 3, 1)), np.ones((2, 2, 1, 1)), layer="conv2d")


def test_a_dense_layer_in_time() -> None:
    x = np.random.RandomState(1).randint(-8, 9, (2, 3, 4)) / 8
    kernel = np.random.RandomState(2).randint(-8, 9, (4, 2)) / 8
    bias = np.array([0.5, -0.25])
    y = layer("time_distributed", x, kernel, bias, layer="dense", activation="relu")
    for b, t, unit in np.ndindex(2, 3, 2):
        total = sum(x[b, t, i] * kernel[i, unit] for i in range(4)) + bias[unit]
        assert y[b, t, unit] == max(total, 0)


def test_a_convolution_in_time() -> None:
    x = np.random.RandomState(3).randint(-8, 9, (2, 3, 3, 4, 2)) / 8
    kernel = np.random.RandomState(4).randint(-8, 9, (2, 3, 2, 2)) / 8
    y = layer("time_distributed", x, kernel, layer="conv2d", filters=2, kernel_size=(2, 3))
    assert y.shape == (2, 3, 2, 2, 2)
    for b, t, row, column, unit in np.ndindex(y.shape):
        window = x[b, t, row : row + 2, column : column + 3]
        assert y[b, t, row, column, unit] == (window * kernel[..., unit]).sum()
