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


def sgd(g: Any, rate: Any, momentum: Any) -> Steps:
    """Sutskever, Martens, Dahl & Hinton 2013, ICML 28(3), equations 1 and 2."""
    v = HIGH.mpf(0)
    for x in g:
        v = momentum * v - rate * x
        yield v


def adam(g: Any, rate: Any, beta_1: Any, beta_2: Any, epsilon: Any, amsgrad: bool) -> Steps:
    """Kingma & Ba 2015, end of section 2; Reddi, Kale & Kumar 2018, algorithm 2, line 5."""
    m = v = largest = HIGH.mpf(0)
    for t, x in enumerate(g, start=1):
        m = beta_1 * m + (1 - beta_1) * x
        v = beta_2 * v + (1 - beta_2) * x * x
        largest = max(largest, v)
        root = HIGH.sqrt(largest if amsgrad else v)
        alpha = rate * HIGH.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        yield -alpha * m / (root + epsilon)


def adamax(g: Any, rate: Any, beta_1: Any, beta_2: Any, epsilon: Any) -> Steps:
    """Kingma & Ba 2015, arXiv:1412.6980, algorithm 2; epsilon is Keras's."""
    m = u = HIGH.mpf(0)
    for t, x in enumerate(g, start=1):
        m = beta_1 * m + (1 - beta_1) * x
        u = max(beta_2 * u, abs(x))
        yield -rate / (1 - beta_1**t) * m / (u + epsilon)


def nadam(g: Any, rate: Any, beta_1: Any, beta_2: Any, epsilon: Any, decay: Any = 1) -> Steps:
    """Dozat 2016, ICLR workshop, algorithm 2, without the factor beta_2 of its last line but one.

    The momenta are those of section 3: mu_t = mu · (1 − 0.96^(decay · t) / 2).
    """
    m = n = HIGH.mpf(0)
    factor = HIGH.mpf("0.96")
    mu = [beta_1 * (1 - factor ** (decay * t) / 2) for t in range(len(g) + 2)]
    for t, x in enumerate(g, start=1):
        m = beta_1 * m + (1 - beta_1) * x
        n = beta_2 * n + (1 - beta_2) * x * x
        m_hat = mu[t + 1] * m / (1 - HIGH.fprod(mu[1 : t + 2]))
        m_hat += (1 - mu[t]) * x / (1 - HIGH.fprod(mu[1 : t + 1]))
        yield -rate * m_hat / (HIGH.sqrt(n / (1 - beta_2**t)) + epsilon)


def adagrad(g: Any, rate: Any, initial: Any, epsilon: Any) -> Steps:
    """Duchi, Hazan & Singer 2011, JMLR 12, section 1.1: the diagonal of the matrix G_t."""
    for t in range(len(g)):
        yield -rate * g[t] / HIGH.sqrt(initial + epsilon + HIGH.fsum(x * x for x in g[: t + 1]))


def adagrad_keras2(g: Any, rate: Any, epsilon: Any) -> Steps:
    """Duchi, Hazan & Singer 2011; epsilon is Keras's."""
    for t in range(len(g)):
        yield -rate * g[t] / (HIGH.sqrt(HIGH.fsum(x * x for x in g[: t + 1])) + epsilon)


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


MOMENTS = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
QUICK_MOMENTS = {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}
RMS = {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False}


@pytest.mark.parametrize(
    ("op", "recurrence", "config"),
    [
        ("sgd", sgd, {"momentum": 0.0}),
        ("sgd", sgd, {"momentum": 0.9}),
        ("adam", adam, {**MOMENTS, "amsgrad": False}),
        ("adam", adam, {**QUICK_MOMENTS, "amsgrad": True}),
        ("adamax", adamax, MOMENTS),
        ("adamax@keras2", adamax, QUICK_MOMENTS),
        ("nadam", nadam, MOMENTS),
        ("nadam", nadam, QUICK_MOMENTS),
        ("nadam@keras2", nadam, {**MOMENTS, "schedule_decay": 0.004}),
        ("nadam@keras2", nadam, {**QUICK_MOMENTS, "schedule_decay": 0.5}),
        ("adagrad", adagrad, {"initial_accumulator_value": 0.1, "epsilon": 1e-3}),
        ("adagrad", adagrad, {"initial_accumulator_value": 0.0, "epsilon": 1e-7}),
        ("adagrad@keras2", adagrad_keras2, {"epsilon": 1e-3}),
        ("rmsprop", rmsprop, RMS),
        ("rmsprop", rmsprop, {**RMS, "rho": 0.5, "momentum": 0.9, "epsilon": 1e-3}),
        ("rmsprop", rmsprop, {**RMS, "momentum": 0.9, "epsilon": 1e-3, "centered": True}),
        ("rmsprop@keras2", rmsprop_keras2, {"rho": 0.9, "epsilon": 1e-3}),
        ("adadelta", adadelta, {"rho": 0.95, "epsilon": 1e-7}),
        ("adadelta@keras2", adadelta, {"rho": 0.5, "epsilon": 1e-3}),
    ],
)
def test_paths_follow_the_recurrence(
    op: str, recurrence: Callable[..., Steps], config: dict[str, Any]
) -> None:
    call = (f"optimizers/{op}", VARIABLE, GRADIENTS)
    got, bound = etalon.bound(*call, dtype="float64", learning_rate=0.5, **config)
    for column in range(2):
        wanted = HIGH.mpf(VARIABLE[column])
        exact = [HIGH.mpf(x) for x in GRADIENTS[:, column]]
        high = [x if isinstance(x, bool) else HIGH.mpf(x) for x in config.values()]
        for t, change in enumerate(recurrence(exact, HIGH.mpf(0.5), *high), start=1):
            wanted += change
            assert abs(HIGH.mpf(float(got[t, column])) - wanted) <= float(bound[t, column])


def within(op: str, wanted: Any, variable: Any, gradients: Any, **config: Any) -> bool:
    """Say whether a path is within its bound of what is wanted, which may be rounded, too."""
    value, bound = etalon.bound(f"optimizers/{op}", variable, gradients, dtype="float64", **config)
    return bool((np.abs(value - np.asarray(wanted)) <= 2 * bound).all())


def test_nesterov_takes_the_gradient_where_momentum_leads() -> None:
    """Sutskever et al. 2013, equations 3 and 4, where the variable is the point looked at.

    With v_t = μ v_{t−1} − ε ∇f(θ + μ v_{t−1}), the point θ_t + μ v_t is what Keras calls w.
    """
    momentum, rate, theta, v = 0.75, 0.5, VARIABLE.copy(), np.zeros(2)
    wanted = [VARIABLE]
    for g in GRADIENTS:
        v = momentum * v - rate * g
        theta = theta + v
        wanted.append(theta + momentum * v)
    config = {"learning_rate": rate, "momentum": momentum, "nesterov": True}
    assert within("sgd", wanted, VARIABLE, GRADIENTS, **config)


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


def test_a_first_step_of_adam_and_its_kin_is_the_learning_rate() -> None:
    """Bias correction makes of one gradient its sign."""
    w, g = np.array([1.0, 1.0]), np.array([[8.0, -0.5]])
    for op in ("adam", "adamax", "adamax@keras2"):
        assert within(op, [w, [0.75, 1.25]], w, g, learning_rate=0.25, epsilon=0.0)


def test_epsilon_is_inside_the_root_today_and_was_outside() -> None:
    w, g = np.array([0.0]), np.array([[3.0]])
    for op, state in (("rmsprop", {"rho": 0.0}), ("adagrad", {})):
        today, before = (etalon.reference(f"optimizers/{op}{e}") for e in ("", "@keras2"))
        initial = {"initial_accumulator_value": 0.0} if op == "adagrad" else {}
        assert today(w, g, learning_rate=1.0, epsilon=16.0, **state, **initial)[1, 0] == -3 / 5
        assert before(w, g, learning_rate=1.0, epsilon=1.0, **state)[1, 0] == -3 / 4


def test_amsgrad_never_forgets_a_large_gradient() -> None:
    """With beta_1 of 0 and beta_2 of 1/2: v is 8, 4.5 and 2.75 for gradients 4, 1 and 1."""
    w, g = np.array([0.0]), np.array([[4.0], [1.0], [1.0]])
    options = {"learning_rate": 1.0, "beta_1": 0.0, "beta_2": 0.5, "epsilon": 0.0}
    steps = [4 * (0.5 / 8) ** 0.5, (0.75 / 8) ** 0.5, (0.875 / 8) ** 0.5]
    wanted = -np.cumsum([0.0, *steps])[:, None]
    assert within("adam", wanted, w, g, amsgrad=True, **options)
