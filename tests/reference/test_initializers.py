"""The initializers: what is not random exactly, the moments of the rest as the papers give them."""

from __future__ import annotations

import math

import numpy as np
import pytest

import etalon
from etalon import spec
from etalon.spec.expressions import evaluate
from etalon.spec.shapes import InvalidCall

SHAPE = (3, 3, 8, 16)
FAN_IN, FAN_OUT = 72, 144
VARIANCES = {
    "glorot_normal": 2 / (FAN_IN + FAN_OUT),
    "glorot_uniform": 2 / (FAN_IN + FAN_OUT),
    "he_normal": 2 / FAN_IN,
    "he_uniform": 2 / FAN_IN,
    "lecun_normal": 1 / FAN_IN,
    "lecun_uniform": 1 / FAN_IN,
}


def test_what_is_not_random_is_exact() -> None:
    assert (etalon.reference("initializers/zeros")((2, 3)) == 0).all()
    assert (etalon.reference("initializers/ones")((2, 3)) == 1).all()
    assert (etalon.reference("initializers/constant")((2,), value=0.5) == 0.5).all()
    eye = etalon.reference("initializers/identity")((2, 3), gain=2.0)
    assert eye.tolist() == [[2, 0, 0], [0, 2, 0]]


@pytest.mark.parametrize("name", VARIANCES)
def test_the_declared_distribution_has_the_variance_of_the_paper(name: str) -> None:
    distribution = spec.find(f"initializers/{name}").distribution
    assert distribution is not None
    known = {"shape": SHAPE}
    parameters = {n: evaluate(text, known) for n, text in distribution.parameters.items()}
    if distribution.family == "uniform":
        variance = (parameters["high"] - parameters["low"]) ** 2 / 12
    else:  # of a standard normal number truncated at 2: 1 − 4 φ(2) / (Φ(2) − Φ(−2))
        density = math.exp(-2) / math.sqrt(2 * math.pi)
        variance = parameters["scale"] ** 2 * (1 - 4 * density / math.erf(math.sqrt(2)))
    assert abs(variance - VARIANCES[name]) < 1e-12


@pytest.mark.parametrize("name", [*VARIANCES, "random_normal", "random_uniform"])
def test_the_same_seed_gives_the_same_numbers(name: str) -> None:
    draw = etalon.reference(f"initializers/{name}")
    assert (draw(SHAPE, seed=1) == draw(SHAPE, seed=1)).all()
    assert (draw(SHAPE, seed=1) != draw(SHAPE, seed=2)).any()
    assert draw(SHAPE, seed=1, dtype="float16").dtype == np.float16


def test_truncated_numbers_lie_within_two_standard_deviations() -> None:
    draw = etalon.reference("initializers/truncated_normal")
    y = draw((200, 200), seed=0, dtype="float64", mean=1.0, stddev=0.5)
    assert 0 <= y.min() < 0.1
    assert 1.9 < y.max() <= 2


def test_identity_in_keras2_tiles_what_is_long() -> None:
    identity = etalon.reference("initializers/identity@keras2")
    assert identity((2, 4), gain=0.5).tolist() == [[0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5]]
    assert identity((3, 1)).tolist() == [[1], [1], [1]]
    assert identity((2, 2), dtype="float16").dtype == np.float16
    with pytest.raises(InvalidCall, match="C2: the long side"):
        identity((2, 3))
