"""Attention, number by number, from the equations of the papers in 50 digits; small ones by hand.

Luong et al. 2015 (arXiv:1508.04025), Bahdanau et al. 2014 (arXiv:1409.0473).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import etalon
from attending import MP, Score, attended, dot, draw, rows, within
from etalon import spec
from etalon.conformance.judging.sampling import sample
from etalon.spec.shapes import InvalidCall
from etalon.spec.words import VALUES

BATCH, TARGET, SOURCE, FEATURES = 2, 3, 4, 2


def sequences() -> tuple[Any, Any, Any]:
    """Return a query, a value and a key."""
    query = draw(BATCH, TARGET, FEATURES)
    return query, draw(BATCH, SOURCE, FEATURES, seed=1), draw(BATCH, SOURCE, FEATURES, seed=2)


VALUE_MASK = np.array([[True, False, True, True], [True, True, False, False]])
QUERY_MASK = np.array([[True, False, True], [False, True, True]])
MASKED = list(itertools.product((False, True), (None, QUERY_MASK), (None, VALUE_MASK)))


def exact(score: Score, causal: bool, query_mask: Any, value_mask: Any, *, keyed: bool) -> Any:
    """Return the exact results for the sequences above."""
    query, value, key = sequences()
    results = []
    for b in range(BATCH):

        def kept(t: int, j: int, b: int = b) -> bool:
            return (not causal or j <= t) and (value_mask is None or bool(value_mask[b][j]))

        of_key = rows(key[b] if keyed else value[b])
        example = attended(rows(query[b]), of_key, rows(value[b]), score, kept)
        if query_mask is not None:
            example = [
                row if mask else [MP.mpf(0)] * len(row)
                for row, mask in zip(example, query_mask[b], strict=True)
            ]
        results.append(example)
    return results


@pytest.mark.parametrize(("causal", "query_mask", "value_mask"), MASKED)
@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("scale", [None, -0.75])
def test_attention_is_that_of_dot_products(
    causal: bool, query_mask: Any, value_mask: Any, keyed: bool, scale: float | None
) -> None:
    query, value, key = sequences()

    def score(one: Sequence[Any], two: Sequence[Any]) -> Any:
        return dot(one, two) * (1 if scale is None else MP.mpf(scale))

    within(
        "layers/attention",
        exact(score, causal, query_mask, value_mask, keyed=keyed),
        query,
        value,
        key if keyed else None,
        None if scale is None else np.array(scale),
        use_scale=scale is not None,
        use_causal_mask=causal,
        query_mask=query_mask,
        value_mask=value_mask,
    )


@pytest.mark.parametrize(("causal", "query_mask", "value_mask"), MASKED)
@pytest.mark.parametrize("scale", [None, -0.75])
def test_attention_may_bend_sums(
    causal: bool, query_mask: Any, value_mask: Any, scale: float | None
) -> None:
    query, value, key = sequences()

    def score(one: Sequence[Any], two: Sequence[Any]) -> Any:
        factor = 1 if scale is None else MP.mpf(scale)
        sums = (a + b for a, b in zip(one, two, strict=True))
        return MP.mpf(1.5) * MP.fsum(MP.tanh(factor * each) for each in sums)

    within(
        "layers/attention",
        exact(score, causal, query_mask, value_mask, keyed=True),
        query,
        value,
        key,
        None if scale is None else np.array(scale),
        np.array(1.5),
        use_scale=scale is not None,
        score_mode="concat",
        use_causal_mask=causal,
        query_mask=query_mask,
        value_mask=value_mask,
    )


@pytest.mark.parametrize(("causal", "query_mask", "value_mask"), MASKED)
@pytest.mark.parametrize("scale", [None, (0.5, -2.0)])
@pytest.mark.parametrize("keyed", [True, False])
def test_additive_attention_weighs_what_is_bent(
    causal: bool, query_mask: Any, value_mask: Any, scale: Any, keyed: bool
) -> None:
    query, value, key = sequences()

    def score(one: Sequence[Any], two: Sequence[Any]) -> Any:
        sums = [MP.tanh(a + b) for a, b in zip(one, two, strict=True)]
        return dot(sums, [MP.mpf(number) for number in scale or (1, 1)])

    within(
        "layers/additive_attention",
        exact(score, causal, query_mask, value_mask, keyed=keyed),
        query,
        value,
        key if keyed else None,
        None if scale is None else np.array(scale),
        use_scale=scale is not None,
        use_causal_mask=causal,
        query_mask=query_mask,
        value_mask=value_mask,
    )


def test_weights_by_hand() -> None:
    """Scores of 0 and log 3 are weights of 1/4 and 3/4."""
    query, key = np.array([[[math.log(3)]]]), np.array([[[0.0], [1.0]]])
    value = np.array([[[4.0], [8.0]]])
    attention = etalon.reference("layers/attention")
    assert abs(attention(query, value, key)[0, 0, 0] - 7) <= 2**-50
    assert abs(attention(-query, value, key)[0, 0, 0] - 5) <= 2**-50
    half = np.array(0.5)
    assert abs(attention(2 * query, value, key, half, use_scale=True)[0, 0, 0] - 7) <= 2**-50
    assert attention(0 * query, value, key)[0, 0, 0] == 6
    additive = etalon.reference("layers/additive_attention")
    bent, scale = np.array([[[math.atanh(0.5)]]]), np.array([math.log(9)])
    assert abs(additive(bent, value, key - [[[bent.item()], [1.0]]], scale)[0, 0, 0] - 7) <= 2**-50


def test_what_is_masked_counts_for_nothing() -> None:
    attention = etalon.reference("layers/attention")
    query, value, key = sequences()
    strange = np.where(VALUE_MASK[..., None], key, np.nan)
    wanted = attention(query, value, key, value_mask=VALUE_MASK)
    assert np.array_equal(attention(query, value, strange, value_mask=VALUE_MASK), wanted)
    only = np.eye(SOURCE, dtype=bool)[[2, 0]]
    alone = attention(query, value, key, value_mask=only)
    assert np.array_equal(alone, np.stack([[value[0, 2]] * TARGET, [value[1, 0]] * TARGET]))
    missing = np.where(QUERY_MASK[..., None], query, np.nan)
    silent = attention(missing, value, key, query_mask=QUERY_MASK)
    assert (silent[~QUERY_MASK] == 0).all()
    assert np.array_equal(silent[QUERY_MASK], attention(query, value, key)[QUERY_MASK])


@pytest.mark.parametrize("name", ["attention", "additive_attention"])
def test_what_is_causal_looks_at_nothing_that_comes_after(name: str) -> None:
    layer = etalon.reference(f"layers/{name}")
    query, value, key = sequences()
    scale = None if name == "attention" else np.ones(FEATURES)
    y = layer(query, value, key, scale, use_causal_mask=True)
    assert np.array_equal(y[:, 0], value[:, 0])
    later = np.arange(SOURCE)[:, None] > 1
    other = np.where(later, 100.0, key), np.where(later, -7.0, value)
    again = layer(query, other[1], other[0], scale, use_causal_mask=True)
    assert np.array_equal(again[:, :2], y[:, :2])
    assert not np.array_equal(again[:, 2:], y[:, 2:])


def test_calls_that_do_not_fit_are_refused() -> None:
    attention = etalon.reference("layers/attention")
    query, value, key = sequences()
    with pytest.raises(InvalidCall, match="C1: key has shape"):
        attention(query, value, np.ones((BATCH, SOURCE, FEATURES + 1)))
    with pytest.raises(InvalidCall, match="key has shape"):
        attention(query, value, key[:, 1:])
    with pytest.raises(InvalidCall, match="C3: value_mask has shape"):
        attention(query, value, key, value_mask=VALUE_MASK[:, 1:])


@pytest.mark.parametrize("name", ["attention", "multi_head_attention"])
def test_cases_leave_a_position_to_each(name: str) -> None:
    op, masks = spec.find(f"layers/{name}"), 0
    for case in sample(op, VALUES, "float32", "quick", 0):
        found = case.arguments()
        mask = found["value_mask" if name == "attention" else "attention_mask"]
        if mask is None:
            continue
        kept = np.asarray(mask)
        masks += not kept.all()
        assert kept.any(axis=-1).all()
        assert kept[..., 0].all() or not case.known["use_causal_mask"]
    assert masks > 5
