"""What every optimizer of Keras 3 takes: clipping, weight decay, schedules of the learning rate."""

from __future__ import annotations

import inspect
from typing import Any

import mpmath
import numpy as np
import pytest

import etalon
from etalon import spec

TODAY = [
    op.id for op in spec.catalogue().values() if op.kind == "optimizers" and op.edition == "keras3"
]
W = np.array([1.0, -2.0])
G = np.array([[3.0, 4.0], [0.375, -0.5]])
HIGH = mpmath.MPContext()
HIGH.dps = 50


def path(op: str, gradients: Any = G, variable: Any = W, **config: Any) -> tuple[Any, Any]:
    """Return a path, more exact than float64, and the bound of one in float64."""
    options = {"learning_rate": 0.5, **config}
    found: tuple[Any, Any] = etalon.bound(op, variable, gradients, dtype="float64", **options)
    return found


def within(found: tuple[Any, Any], wanted: Any) -> bool:
    value, bound = found
    return bool((np.abs(value - wanted) <= bound).all())


def plain(op: str) -> dict[str, Any]:
    """Return the config that leaves AdamW without weight decay, too."""
    return {"weight_decay": 0.0} if op == "optimizers/adamw" else {}


@pytest.mark.parametrize("op", TODAY)
@pytest.mark.parametrize(
    ("clip", "clipped"),
    [
        ({"clipnorm": 2.5}, [[1.5, 2.0], [0.375, -0.5]]),
        ({"global_clipnorm": 2.5}, [[1.5, 2.0], [0.375, -0.5]]),
        ({"clipnorm": 0.3125}, [[0.1875, 0.25], [0.1875, -0.25]]),
        ({"global_clipnorm": 0.3125}, [[0.1875, 0.25], [0.1875, -0.25]]),
        ({"clipvalue": 3.5}, [[3.0, 3.5], [0.375, -0.5]]),
        ({"clipvalue": 0.25}, [[0.25, 0.25], [0.25, -0.25]]),
    ],
)
def test_the_path_is_that_of_clipped_gradients(op: str, clip: Any, clipped: Any) -> None:
    """The norms are 5 and 5/8."""
    wanted, _ = path(op, np.array(clipped))
    assert within(path(op, **clip), wanted)


def test_an_infinite_gradient_leaves_nothing_of_the_global_norm() -> None:
    infinite = np.array([[1.0, np.inf]])
    sgd = etalon.reference("optimizers/sgd")
    own, of_all = sgd(W, infinite, clipnorm=1.0), sgd(W, infinite, global_clipnorm=1.0)
    assert own[1, 0] == W[0]
    assert np.isnan(own[1, 1])
    assert np.isnan(of_all[1]).all()


@pytest.mark.parametrize("op", TODAY)
def test_weight_decay_shrinks_the_variable_before_the_step(op: str) -> None:
    """Loshchilov & Hutter 2019, arXiv:1711.05101, algorithms 1 and 2: no gradient sees it."""
    undecayed, _ = path(op, **plain(op))
    wanted = [W]
    for step in np.diff(undecayed, axis=0):
        wanted.append((1 - 0.5 * 0.25) * wanted[-1] + step)
    assert within(path(op, weight_decay=0.25), np.stack(wanted))


@pytest.mark.parametrize("op", TODAY)
def test_without_gradients_weight_decay_follows_the_schedule(op: str) -> None:
    config = {"schedule": "InverseTimeDecay", "decay_steps": 2, "decay_rate": 4.0}
    found = path(op, np.zeros((2, 2)), weight_decay=0.25, **config)
    assert within(found, np.stack([W, 7 / 8 * W, 7 / 8 * 23 / 24 * W]))


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("ExponentialDecay", lambda t: HIGH.mpf(0.5) * HIGH.mpf(0.25) ** (HIGH.mpf(t) / 3)),
        ("InverseTimeDecay", lambda t: HIGH.mpf(0.5) / (1 + HIGH.mpf(0.25) * t / 3)),
    ],
)
def test_schedules_start_at_the_learning_rate(schedule: str, rates: Any) -> None:
    """Each step of a gradient of -1 is the learning rate; so are the formulas of Keras's guide."""
    config: dict[str, Any] = {
        "learning_rate": 0.5,
        "schedule": schedule,
        "decay_steps": 3,
        "decay_rate": 0.25,
    }
    call = ("optimizers/sgd", np.zeros(1), -np.ones((7, 1)))
    got, bound = etalon.bound(*call, dtype="float64", **config)
    wanted = HIGH.mpf(0)
    for t in range(7):
        wanted += rates(t)
        assert abs(HIGH.mpf(float(got[t + 1, 0])) - wanted) <= float(bound[t + 1, 0])
    assert got[1, 0] == 0.5


def test_momentum_carries_steps_of_the_learning_rate_they_were_made_with() -> None:
    """With a rate that halves: 1/2, then 1/4 + 1/2 · 1/2."""
    config = {"momentum": 0.5, "schedule": "ExponentialDecay", "decay_steps": 1, "decay_rate": 0.5}
    got, _ = path("optimizers/sgd", -np.ones((2, 2)), np.zeros(2), **config)
    assert got[:, 0].tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("op", TODAY)
def test_two_clips_are_refused(op: str) -> None:
    with pytest.raises(ValueError, match="C2: at most one of clipnorm, clipvalue"):
        etalon.reference(op)(W, G, clipnorm=1.0, clipvalue=0.5)


@pytest.mark.parametrize("op", TODAY)
def test_an_unknown_argument_is_refused(op: str) -> None:
    assert {"clipnorm", "schedule"} <= set(inspect.signature(etalon.reference(op)).parameters)
    with pytest.raises(TypeError, match="unexpected keyword argument 'clip_norm'"):
        etalon.reference(op)(W, G, clip_norm=1.0)
    older = f"{op}@keras2"
    if older in spec.catalogue():
        with pytest.raises(TypeError, match="unexpected keyword argument 'clipnorm'"):
            etalon.reference(older)(W, G, clipnorm=1.0)
