"""Attention as a whole: its likely bound is narrow, holds for right ones, and shows what is off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from etalon.backends.numpy import special
from etalon.conformance.arithmetic import attention
from etalon.conformance.arithmetic.bounded import Bounded, lift
from etalon.conformance.arithmetic.noise import Noise
from etalon.conformance.arithmetic.precision import precision

LIKELY = precision("float32").supposing(Noise.at(1e-9))
POSITIONS, FEATURES = 1024, 32
BLOCK = 64
"""Of positions, as fused kernels take them."""
F32 = np.float32


def drawn(seed: int, keys: int = POSITIONS) -> tuple[Any, Any, Any]:
    """Return queries, keys and values; of the keys, so many differ."""
    generator = np.random.default_rng(seed)
    query, key, value = (
        generator.standard_normal((count, FEATURES)).astype(F32) for count in (8, keys, POSITIONS)
    )
    return query / F32(4), np.tile(key, (POSITIONS // keys, 1)), value


def known(query: Any, key: Any, value: Any) -> Bounded:
    found: Bounded = special.dot_attention(
        *(lift(x.astype(float), LIKELY) for x in (query, key, value))
    )
    return found


def whole(query: Any, key: Any, value: Any) -> Any:
    scores = query @ key.T
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True) @ value


def in_blocks(query: Any, key: Any, value: Any) -> Any:
    """Attention as fused kernels compute it: with the largest score until then."""
    top = np.full((len(query), 1), -np.inf, dtype=F32)
    total, y = np.zeros((len(query), 1), dtype=F32), np.zeros((len(query), FEATURES), dtype=F32)
    for start in range(0, len(key), BLOCK):
        scores = query @ key[start : start + BLOCK].T
        higher = np.maximum(top, scores.max(axis=-1, keepdims=True))
        exponentials, kept = np.exp(scores - higher), np.exp(top - higher)
        total = total * kept + exponentials.sum(axis=-1, keepdims=True)
        y = y * kept + exponentials @ value[start : start + BLOCK]
        top = higher
    return y / total


def one_by_one(query: Any, key: Any, value: Any) -> Any:
    """Attention whose sums are added one term after another."""
    scores = np.zeros((len(query), len(key)), dtype=F32)
    for feature in range(FEATURES):
        scores = scores + query[:, feature, None] * key[:, feature]
    exponentials = np.exp(scores)
    y = np.cumsum(exponentials[..., None] * value, axis=1, dtype=F32)[:, -1]
    return y / np.cumsum(exponentials, axis=-1, dtype=F32)[:, -1:]


def off(got: Any, wanted: Bounded) -> float:
    return float(np.max(np.abs(got - wanted.value) / wanted.bound))


@pytest.mark.parametrize("right", [whole, in_blocks, one_by_one], ids=lambda f: f.__name__)
@pytest.mark.parametrize("keys", [POSITIONS, 2])
def test_right_ones_are_within(right: Callable[..., Any], keys: int) -> None:
    ratios = [off(right(*drawn(seed, keys)), known(*drawn(seed, keys))) for seed in range(4)]
    assert 0 < max(ratios) < 0.5


def test_scores_that_are_off_are_beyond() -> None:
    query, key, value = drawn(0)

    def coarse(x: Any) -> Any:
        return np.round(x * F32(2**12)) / F32(2**12)

    exponentials = np.exp(coarse(query @ key.T))
    got = exponentials / exponentials.sum(axis=-1, keepdims=True) @ value
    assert off(got, known(query, key, value)) > 1


def test_a_share_is_missed_by_the_whole_rule_alone() -> None:
    query, key, value = (lift(x.astype(float), LIKELY) for x in drawn(0))
    parts = special.softmax_last_axis(special.dot_scores(query, key, None, None)) @ value
    assert np.all(known(*drawn(0)).bound < parts.bound / 3)


def test_what_keys_carry_may_be_alike() -> None:
    query, key, value = (x.astype(float) for x in drawn(0))
    query = np.abs(query)
    error = 1e-4
    arrays = (
        lift(query, LIKELY),
        Bounded(key, np.full_like(key, error), LIKELY),
        lift(value, LIKELY),
    )
    wanted = special.dot_attention(*arrays)
    for feature in range(FEATURES):
        away = np.sign(value[:, feature] - wanted.value[0, feature])[:, None]
        got = special.dot_attention(query, key + error * away, value)
        ratio = np.abs(got - wanted.value)[0, feature] / wanted.bound[0, feature]
        assert 0.1 < ratio < 1


def test_scores_that_are_equal_may_err_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    query, key, value = (x.astype(float) for x in drawn(0, keys=2))
    value = np.where(np.arange(POSITIONS)[:, None] % 2, -1, 1) * (1 + np.abs(value))
    magnitudes = np.abs(query) @ np.abs(key.T)
    error = FEATURES * LIKELY.unit * magnitudes
    scores = query @ key.T + error * np.where(np.arange(POSITIONS) % 2, -1, 1)
    got = special.softmax_last_axis(scores) @ value
    assert off(got, known(query, key, value)) < 1
    monkeypatch.setattr(attention, "_most_equal", lambda scores: 1)
    assert off(got, known(query, key, value)) > 1
