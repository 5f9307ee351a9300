"""The losses of margins against fractions, which are exact, and by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon

RANDOM = np.random.RandomState(11)
SIGNS = RANDOM.choice([-1.0, 1.0], (9, 4))
MIXED = np.concatenate([[[-1.0, 0, 0, 1]], RANDOM.choice([-1.0, 0.0, 1.0], (8, 4))])
HOT = np.eye(4)[RANDOM.randint(0, 4, 9)]
PREDICTED = np.concatenate([RANDOM.standard_normal((8, 4)) * 2, [[1.0, -1.0, 0.0, 3.0]]])

LABELS = {"signs": SIGNS, "mixed": MIXED, "one-hot": HOT}


def exactly(array: Any) -> list[list[Fraction]]:
    return [[Fraction(x) for x in row] for row in np.asarray(array).tolist()]


def within(name: str, y_true: Any, wanted: list[Fraction]) -> bool:
    """Say whether the loss of each row is within its bound of these fractions."""
    value = etalon.reference(name)(y_true, PREDICTED)
    _, bound = etalon.bound(name, y_true, PREDICTED, dtype="float64")
    off = [abs(Fraction(got) - exact) for got, exact in zip(value.tolist(), wanted, strict=True)]
    return all(distance <= Fraction(float(b)) for distance, b in zip(off, bound, strict=True))


def margins(y_true: Any, power: int) -> list[Fraction]:
    pairs = zip(exactly(y_true), exactly(PREDICTED), strict=True)
    rows = (
        [max(1 - t * p, Fraction(0)) ** power for t, p in zip(*pair, strict=True)] for pair in pairs
    )
    return [sum(row, Fraction(0)) / len(row) for row in rows]


@pytest.mark.parametrize(("name", "power"), [("hinge", 1), ("squared_hinge", 2)])
@pytest.mark.parametrize("labels", LABELS)
def test_hinges_are_means_over_margins(name: str, power: int, labels: str) -> None:
    given = LABELS[labels]
    today = 2 * given - 1 if labels == "one-hot" else given
    assert within(f"losses/{name}", today, margins(today, power))
    assert within(f"losses/{name}", given, margins(today, power))
    assert within(f"losses/{name}@keras2", given, margins(given, power))


@pytest.mark.parametrize("labels", ["signs", "one-hot"])
def test_categorical_hinge(labels: str) -> None:
    wanted = []
    for trues, preds in zip(exactly(LABELS[labels]), exactly(PREDICTED), strict=True):
        pairs = list(zip(trues, preds, strict=True))
        own = sum((t * p for t, p in pairs), Fraction(0))
        wanted.append(max(max((1 - t) * p for t, p in pairs) - own + 1, Fraction(0)))
    assert within("losses/categorical_hinge", LABELS[labels], wanted)


def test_zeros_and_ones_are_signs_only_where_there_is_nothing_else() -> None:
    hinge, predicted = etalon.reference("hinge"), np.array([[0.5], [0.5]])
    assert hinge(np.array([[0.0], [1.0]]), predicted).tolist() == [1.5, 0.5]
    assert hinge(np.array([[0.0], [-1.0]]), predicted).tolist() == [1.0, 1.5]
    assert hinge(np.array([[0.0], [0.5]]), predicted).tolist() == [1.0, 0.75]
    before = etalon.reference("hinge@keras2")
    assert before(np.array([[0.0], [1.0]]), predicted).tolist() == [1.0, 0.5]


def test_margins_by_hand() -> None:
    true, predicted = np.array([[1.0, -1.0]]), np.array([[0.25, 2.0]])
    assert etalon.reference("hinge")(true, predicted).tolist() == [(0.75 + 3) / 2]
    assert etalon.reference("squared_hinge")(true, predicted).tolist() == [(0.5625 + 9) / 2]
    hot = np.array([[0.0, 1.0, 0.0]])
    categorical = etalon.reference("categorical_hinge")
    assert categorical(hot, np.array([[0.5, 2.0, 0.75]])).tolist() == [0.0]
    assert categorical(hot, np.array([[0.5, 0.25, 0.75]])).tolist() == [1.5]
