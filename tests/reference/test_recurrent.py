"""The recurrent layers against their papers' equations in 50 digits, and by hand.

The equations are written number by number, with one name for each weight of a unit, as the papers
have them: Elman 1990; Hochreiter & Schmidhuber 1997 with the forget gate of Gers et al. 2000;
Cho et al. 2014, equations 5 to 8.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import etalon
from arrays import layer
from etalon.spec.model import FLAG
from etalon.spec.shapes import InvalidCall

Array = Any
FORMS: dict[str, Callable[[Any], Any]] = {
    "tanh": mpmath.tanh,
    "relu": lambda a: max(a, mpf(0)),
    "linear": lambda a: a,
    "sigmoid": lambda a: 1 / (1 + mpmath.exp(-a)),
    "hard_sigmoid": lambda a: min(max(a + 3, mpf(0)), mpf(6)) / 6,
}
BATCH, TIME, FEATURES, UNITS = 2, 4, 2, 3
ON = FLAG.values
ACTIVATIONS = [("tanh", "sigmoid"), ("relu", "hard_sigmoid"), ("linear", "sigmoid")]


def numbers(*shape: int, seed: int) -> Array:
    return np.random.RandomState(seed).standard_normal(shape)


def dot(weights: Array, values: list[Any]) -> Any:
    pairs = zip(weights.tolist(), values, strict=True)
    return mpmath.fsum(w * v for w, v in pairs)


class Cell:
    """The weights of a layer, and the sum that enters a unit through one of its gates."""

    def __init__(self, gates: int, rows: int, seed: int) -> None:
        self.kernel = numbers(FEATURES, gates * UNITS, seed=seed)
        self.recurrent_kernel = numbers(UNITS, gates * UNITS, seed=seed + 1)
        self.bias = numbers(rows, gates * UNITS, seed=seed + 2)

    def inner(self, gate: int, unit: int, x: list[Any], row: int = 0) -> Any:
        column = gate * UNITS + unit
        return dot(self.kernel[:, column], x) + self.bias[row, column]

    def outer(self, gate: int, unit: int, h: list[Any]) -> Any:
        return dot(self.recurrent_kernel[:, gate * UNITS + unit], h)

    def both(self, gate: int, unit: int, x: list[Any], h: list[Any]) -> Any:
        return self.inner(gate, unit, x) + self.outer(gate, unit, h)


def elman(cell: Cell, xs: list[list[Any]], f: Any, g: Any) -> Iterator[list[Any]]:
    h = [mpf(0)] * UNITS
    for x in xs:
        h = [f(cell.both(0, j, x, h)) for j in range(UNITS)]
        yield h


def hochreiter(cell: Cell, xs: list[list[Any]], f: Any, g: Any) -> Iterator[list[Any]]:
    y, s = [mpf(0)] * UNITS, [mpf(0)] * UNITS
    for x in xs:
        y_in, y_forget, y_out = (
            [g(cell.both(gate, j, x, y)) for j in range(UNITS)] for gate in (0, 1, 3)
        )
        entering = [f(cell.both(2, j, x, y)) for j in range(UNITS)]
        s = [y_forget[j] * s[j] + y_in[j] * entering[j] for j in range(UNITS)]
        y = [y_out[j] * f(s[j]) for j in range(UNITS)]
        yield y


def cho(cell: Cell, xs: list[list[Any]], f: Any, g: Any) -> Iterator[list[Any]]:
    """The reset gate of equation 8 is inside the product, as in the third version of the paper."""
    h = [mpf(0)] * UNITS
    for x in xs:
        z, r = ([g(cell.both(gate, j, x, h)) for j in range(UNITS)] for gate in (0, 1))
        kept = [r[j] * h[j] for j in range(UNITS)]
        new = [f(cell.both(2, j, x, kept)) for j in range(UNITS)]
        h = [z[j] * h[j] + (1 - z[j]) * new[j] for j in range(UNITS)]
        yield h


def cho_first_version(cell: Cell, xs: list[list[Any]], f: Any, g: Any) -> Iterator[list[Any]]:
    """The reset gate after the product, whose bias is the second row, as in the first version."""
    h = [mpf(0)] * UNITS
    second = cell.bias[1]
    for x in xs:
        z, r = (
            [g(cell.both(gate, j, x, h) + second[gate * UNITS + j]) for j in range(UNITS)]
            for gate in (0, 1)
        )
        seen = [cell.outer(2, j, h) + second[2 * UNITS + j] for j in range(UNITS)]
        new = [f(cell.inner(2, j, x) + r[j] * seen[j]) for j in range(UNITS)]
        h = [z[j] * h[j] + (1 - z[j]) * new[j] for j in range(UNITS)]
        yield h


LAYERS: dict[str, tuple[Any, int, int]] = {
    "simple_rnn": (elman, 1, 1),
    "lstm": (hochreiter, 4, 1),
    "gru": (cho, 3, 1),
    "gru, reset after": (cho_first_version, 3, 2),
}


@pytest.mark.parametrize(("activation", "gate"), ACTIVATIONS)
@pytest.mark.parametrize("name", LAYERS)
def test_the_layers_are_the_equations_of_their_papers(
    name: str, activation: str, gate: str
) -> None:
    equations, gates, rows = LAYERS[name]
    x, cell = numbers(BATCH, TIME, FEATURES, seed=0), Cell(gates, rows, seed=1)
    layer, _, after = name.partition(", ")
    config: dict[str, Any] = {"activation": activation, "return_sequences": True}
    if gates > 1:
        config["recurrent_activation"] = gate
    if layer == "gru":
        config["reset_after"] = bool(after)
    bias = cell.bias if rows == 2 else cell.bias[0]
    weights = (cell.kernel, cell.recurrent_kernel, bias)
    value, bound = etalon.bound(f"layers/{layer}", x, *weights, dtype="float64", **config)
    with mpmath.workdps(50):
        for b in range(BATCH):
            xs = [[mpf(number) for number in row] for row in x[b].tolist()]
            exact = equations(cell, xs, FORMS[activation], FORMS[gate])
            for t, j, wanted in spread(exact):
                assert abs(mpf(str(value[b, t, j])) - wanted) <= float(bound[b, t, j])
    assert bound.max() < 2.0**-40


def spread(outputs: Iterator[list[Any]]) -> Iterator[tuple[int, int, Any]]:
    for t, output in enumerate(outputs):
        for j, number in enumerate(output):
            yield t, j, number


def test_a_linear_layer_of_one_unit_is_a_geometric_sum() -> None:
    x, kernel, recurrent_kernel = np.array([[[1.0], [2.0], [-4.0]]]), [[3.0]], [[0.5]]
    options = {"activation": "linear", "return_sequences": True}
    weights = np.array(kernel), np.array(recurrent_kernel), np.array([1.0])
    h, wanted = Fraction(0), []
    for entering in (1, 2, -4):
        h = 3 * Fraction(entering) + h / 2 + 1
        wanted.append(float(h))
    assert layer("simple_rnn", x, *weights, **options)[0, :, 0].tolist() == wanted


def test_a_cell_whose_gates_are_open_carries_its_error_for_ever() -> None:
    """The constant error carousel of Hochreiter & Schmidhuber: the sum of all that entered."""
    x = np.array([[[1.0], [2.0], [0.0], [4.0]]])
    kernel, recurrent_kernel = np.array([[0.0, 0.0, 1.0, 0.0]]), np.zeros((1, 4))
    bias = np.array([3.0, 3.0, 0.0, 3.0])
    options = {"activation": "relu", "recurrent_activation": "hard_sigmoid"}
    y = layer("lstm", x, kernel, recurrent_kernel, bias, return_sequences=True, **options)
    assert y[0, :, 0].tolist() == [1, 3, 3, 7]
    closed = np.array([3.0, -3.0, 0.0, 3.0])
    y = layer("lstm", x, kernel, recurrent_kernel, closed, return_sequences=True, **options)
    assert y[0, :, 0].tolist() == [1, 2, 0, 4]


@pytest.mark.parametrize("after", ON)
def test_a_unit_is_updated_or_keeps_what_it_has(after: bool) -> None:
    """With z = 0 it is what enters, with z = 1 what it was, and r = 0 hides what it was."""
    x = np.array([[[1.0], [2.0], [4.0]]])
    kernel, recurrent_kernel = np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 1.0]])
    options: dict[str, Any] = {
        "activation": "relu",
        "recurrent_activation": "hard_sigmoid",
        "reset_after": after,
        "return_sequences": True,
    }

    def run(z: float, r: float) -> list[float]:
        rows = np.array([z, r, 0.0])
        bias = np.stack([rows, np.zeros(3)]) if after else rows
        y = layer("gru", x, kernel, recurrent_kernel, bias, **options)
        found: list[float] = y[0, :, 0].tolist()
        return found

    assert run(-3, -3) == [1, 2, 4]
    assert run(-3, 3) == [1, 3, 7]
    assert run(3, 3) == [0, 0, 0]
    assert run(0, -3) == [0.5, 1.25, 2.625]


CONFIGS = list(itertools.product(("simple_rnn", "lstm", "gru"), ON))


def weights(name: str, *, seed: int) -> tuple[Array, ...]:
    gates = {"simple_rnn": 1, "lstm": 4, "gru": 3}[name]
    cell = Cell(gates, 2 if name == "gru" else 1, seed)
    return cell.kernel, cell.recurrent_kernel, cell.bias if name == "gru" else cell.bias[0]


@pytest.mark.parametrize(("name", "backwards"), CONFIGS)
def test_masked_steps_are_as_if_they_were_not_there(name: str, backwards: bool) -> None:
    x, own = numbers(1, 5, FEATURES, seed=3), weights(name, seed=5)
    mask = np.array([[False, True, False, True, True]])
    options = {"go_backwards": backwards, "return_sequences": True}
    y = layer(name, x, *own, mask=mask, **options)
    (short,) = layer(name, x[:, mask[0]], *own, **options)
    nothing = np.zeros(UNITS)
    first, second, third = short
    forwards = [nothing, first, first, second, third]
    wanted = [first, second, second, third, third] if backwards else forwards
    assert (y[0] == np.stack(wanted)).all()
    assert (layer(name, x, *own, mask=mask, go_backwards=backwards) == short[-1]).all()


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "gru"])
def test_backwards_is_forwards_over_the_reversed_sequence(name: str) -> None:
    x, own = numbers(BATCH, TIME, FEATURES, seed=7), weights(name, seed=8)
    y = layer(name, x, *own, go_backwards=True, return_sequences=True)
    assert (y == layer(name, x[:, ::-1], *own, return_sequences=True)).all()
    assert (y[:, -1] == layer(name, x, *own, go_backwards=True)).all()


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "gru"])
def test_where_all_is_masked_nothing_comes_out(name: str) -> None:
    x, own = np.full((1, 2, FEATURES), np.nan), weights(name, seed=8)
    assert (layer(name, x, *own, mask=np.zeros((1, 2), dtype=bool)) == np.zeros(UNITS)).all()


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "gru"])
def test_weights_and_masks_that_do_not_fit_are_refused(name: str) -> None:
    x, (kernel, recurrent_kernel, bias) = (
        numbers(BATCH, TIME, FEATURES, seed=7),
        weights(name, seed=8),
    )
    calls: dict[str, Callable[[], Array]] = {
        "C1: kernel": lambda: layer(name, x, kernel[:1], recurrent_kernel, bias),
        "C2: recurrent_kernel": lambda: layer(name, x, kernel, recurrent_kernel[:2], bias, units=3),
        "C3: bias": lambda: layer(name, x, kernel, recurrent_kernel, bias[..., 1:], units=3),
        "C4: mask": lambda: layer(
            name, x, kernel, recurrent_kernel, bias, mask=np.ones((BATCH, TIME + 1), dtype=bool)
        ),
    }
    for message, call in calls.items():
        with pytest.raises(InvalidCall, match=message):
            call()
