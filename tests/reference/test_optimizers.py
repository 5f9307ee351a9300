"""Optimizers against the recurrences of their papers, number by number in 50 digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np
import pytest

import etalon

Steps = Iterator[Any]
HIGH = mpmath.MPContext()
HIGH.dps = 50
GRADIENTS = np.array([[0.5, -2.0], [1e-4, 30.0], [-0.5, 1e-6], [0.0, -7.0], [3.0, 0.25]])
VARIABLE = np.array([1.0, -0.5])


def rmsprop(g: Any, rate: Any, rho: Any, momentum: Any, epsilon: Any, centered: bool) -> Steps:
    """Hinton 2012, lecture 6e; centered as in Graves 2013, arXiv:1308.0850, equations 38 to 41."""
    n = mean = delta = HIGH.mpf(0)
    for x in g:
        n = rho * n + (1 - rho) * x * x
        mean = rho * mean + (1 - rho) * x
        delta = momentum * delta - rate * x / HIGH.sqrt(n - centered * mean**2 + epsilon)
        yield delta


def rmsprop_keras2(g: Any, rate: Any, rho: Any, epsilon: Any) -> Steps:
    """Hinton 2012, lecture 6e: the gradient divided by the root of its mean square."""
    n = HIGH.mpf(0)
    for x in g:
        n = rho * n + (1 - rho) * x * x
        yield -rate * x / (HIGH.sqrt(n) + epsilon)


def adadelta(g: Any, rate: Any, rho: Any, epsilon: Any) -> Steps:
    """Zeiler 2012, arXiv:1212.5701, algorithm 1."""
    squares = updates = HIGH.mpf(0)
    for x in g:
        squares = rho * squares + (1 - rho) * x * x
        delta = -HIGH.sqrt(updates + epsilon) / HIGH.sqrt(squares + epsilon) * x
        updates = rho * updates + (1 - rho) * delta * delta
        yield rate * delta


@pytest.mark.parametrize(
    ("op", "recurrence", "config"),
    [
        ("rmsprop", rmsprop, (("rho", 0.9), ("momentum", 0.0), ("epsilon", 1e-7), ("centered", 0))),
        ("rmsprop", rmsprop, (("rho", 0.5), ("momentum", 0.9), ("epsilon", 1e-3), ("centered", 0))),
        ("rmsprop", rmsprop, (("rho", 0.9), ("momentum", 0.9), ("epsilon", 1e-3), ("centered", 1))),
        ("rmsprop@keras2", rmsprop_keras2, (("rho", 0.9), ("epsilon", 1e-3))),
        ("adadelta", adadelta, (("rho", 0.95), ("epsilon", 1e-7))),
        ("adadelta@keras2", adadelta, (("rho", 0.5), ("epsilon", 1e-3))),
    ],
)
def test_paths_follow_the_recurrence(
    op: str, recurrence: Callable[..., Steps], config: tuple[tuple[str, float], ...]
) -> None:
    numbers: dict[str, Any] = {name: bool(x) if name == "centered" else x for name, x in config}
    call = (f"optimizers/{op}", VARIABLE, GRADIENTS)
    got, bound = etalon.bound(*call, dtype="float64", learning_rate=0.5, **numbers)
    for column in range(2):
        wanted = HIGH.mpf(VARIABLE[column])
        exact = [HIGH.mpf(x) for x in GRADIENTS[:, column]]
        high = [x if isinstance(x, bool) else HIGH.mpf(x) for x in numbers.values()]
        for t, change in enumerate(recurrence(exact, HIGH.mpf(0.5), *high), start=1):
            wanted += change
            assert abs(HIGH.mpf(float(got[t, column])) - wanted) <= float(bound[t, column])


def test_first_steps_by_hand() -> None:
    """Where the gradient is 2 and epsilon 0: √(1 − rho) · 2 = 1 for a rho of 3/4."""
    w, g = np.array([1.0]), np.array([[2.0]])
    for op, step in (("rmsprop", 2.0), ("rmsprop@keras2", 2.0), ("adadelta", 0.0)):
        path = etalon.reference(f"optimizers/{op}")
        moved = path(w, g, learning_rate=1.0, rho=0.75, epsilon=0.0)
        assert moved.tolist() == [[1.0], [1.0 - step]]
    adadelta = etalon.reference("optimizers/adadelta")
    assert adadelta(w, g, learning_rate=1.0, rho=0.0, epsilon=12.0).tolist() == [
        [1.0],
        [1.0 - 2.0 * 12.0**0.5 / 4.0],
    ]


def test_epsilon_is_inside_the_root_today_and_was_outside() -> None:
    w, g = np.array([0.0]), np.array([[3.0]])
    options = {"learning_rate": 1.0, "rho": 0.0}
    inside = etalon.reference("optimizers/rmsprop")(w, g, epsilon=16.0, **options)
    outside = etalon.reference("optimizers/rmsprop@keras2")(w, g, epsilon=1.0, **options)
    assert inside[1, 0] == -3 / 5
    assert outside[1, 0] == -3 / 4
