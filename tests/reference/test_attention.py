"""Attention, number by number, from the equations of the papers in 50 digits; small ones by hand.

Luong et al. 2015 (arXiv:1508.04025), Bahdanau et al. 2014 (arXiv:1409.0473), Vaswani et al. 2017
(arXiv:1706.03762), Ainslie et al. 2023 (arXiv:2305.13245).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest

import etalon
from etalon import spec
from etalon.conformance.cases.sampling import sample
from etalon.spec.model import VALUES
from etalon.spec.shapes import InvalidCall

MP = mpmath.MPContext()
MP.dps = 50

BATCH, TARGET, SOURCE, FEATURES = 2, 3, 4, 2
Score = Callable[[Sequence[float], Sequence[float]], Any]


def draw(*shape: int, seed: int = 0) -> Any:
    return np.random.RandomState(seed + sum(shape)).standard_normal(shape)


def sequences() -> tuple[Any, Any, Any]:
    """Return a query, a value and a key."""
    query = draw(BATCH, TARGET, FEATURES)
    return query, draw(BATCH, SOURCE, FEATURES, seed=1), draw(BATCH, SOURCE, FEATURES, seed=2)


def rows(matrix: Any) -> list[list[Any]]:
    return [[MP.mpf(float(number)) for number in row] for row in matrix]


def dot(one: Sequence[Any], two: Sequence[Any]) -> Any:
    return MP.fsum(a * b for a, b in zip(one, two, strict=True))


def average(scores: Sequence[Any], values: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the mean of values, weighted by the exponentials of their scores."""
    shares = [MP.exp(score) for score in scores]
    total = MP.fsum(shares)
    return [dot(shares, column) / total for column in zip(*values, strict=True)]


def attended(
    query: Any, key: Any, value: Any, score: Score, kept: Callable[[int, int], bool]
) -> list[list[Any]]:
    """Return what each position of one example's query makes of the positions that are kept."""
    found = []
    for t, asking in enumerate(query):
        places = [j for j in range(len(key)) if kept(t, j)]
        scores = [score(asking, key[j]) for j in places]
        found.append(average(scores, [value[j] for j in places]))
    return found


def within(id_: str, wanted: Any, *args: Any, **config: Any) -> None:
    """Check the definition against numbers of 50 digits, within the bound of float64."""
    value, bound = etalon.bound(id_, *args, dtype="float64", **config)
    assert value.shape == np.shape(wanted)
    assert bound.max() < 1e-11
    for place in np.ndindex(value.shape):
        exact = wanted[place[0]][place[1]][place[2]]
        off = abs(MP.mpf(str(value[place])) - exact)
        assert off <= MP.mpf(float(bound[place])), place


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


def projection(x: Any, kernel: Any, bias: Any, head: int) -> list[list[Any]]:
    """Return what a head sees of an example, in 50 digits."""
    columns = rows(kernel[:, head].T)
    added = [0] * len(columns) if bias is None else [MP.mpf(float(b)) for b in bias[head]]
    return [
        [dot(row, column) + b for column, b in zip(columns, added, strict=True)] for row in rows(x)
    ]


def heads_of(arguments: Sequence[Any], heads: int, shared: int, causal: bool, mask: Any) -> Any:
    """Return the exact results of as many heads, of which so many share a key and a value."""
    query, value, key, wq, bq, wk, bk, wv, bv, wo, bo = arguments
    key = value if key is None else key
    size = wq.shape[-1]

    def score(one: Sequence[Any], two: Sequence[Any]) -> Any:
        return dot(one, two) / MP.sqrt(size)

    results = []
    for b in range(len(query)):

        def kept(t: int, j: int, b: int = b) -> bool:
            own = mask if mask is None or mask.ndim == 2 else mask[b]
            return (not causal or j <= t) and (own is None or bool(own[t][j]))

        seen = [
            attended(
                projection(query[b], wq, bq, head),
                projection(key[b], wk, bk, head // shared),
                projection(value[b], wv, bv, head // shared),
                score,
                kept,
            )
            for head in range(heads)
        ]
        results.append([_output(list(at), wo, bo) for at in zip(*seen, strict=True)])
    return results


def _output(heads: list[list[Any]], kernel: Any, bias: Any) -> list[Any]:
    flat = [number for head in heads for number in head]
    columns = rows(kernel.reshape(-1, kernel.shape[-1]).T)
    added = [0.0] * len(columns) if bias is None else bias
    return [dot(flat, column) + MP.mpf(float(b)) for column, b in zip(columns, added, strict=True)]


def weights(
    features: tuple[int, int, int],
    heads: int,
    shared: int,
    key_dim: int,
    value_dim: int,
    biased: bool,
) -> list[Any]:
    """Return kernels and biases for so many features of query, value and key."""
    few, (of_query, of_value, of_key) = heads // shared, features
    shapes = [
        (of_query, heads, key_dim),
        (of_key, few, key_dim),
        (of_value, few, value_dim),
        (heads, value_dim, of_query),
    ]
    found = []
    for number, shape in enumerate(shapes):
        bias = draw(*(shape[1:] if number < 3 else shape[2:]), seed=20 + number)
        found += [draw(*shape, seed=10 + number), bias if biased else None]
    return found


MASK = np.array([[True, False, True], [False, True, False]])
MASKS = [None, MASK, np.stack([MASK, MASK[::-1], ~MASK])]


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("biased", [True, False])
def test_every_head_attends_by_itself(mask: Any, biased: bool) -> None:
    inputs = [draw(3, 2, 3), draw(3, 3, 2, seed=1), draw(3, 3, 4, seed=2)]
    arguments = [*inputs, *weights((3, 2, 4), 2, 1, 2, 3, biased)]
    wanted = heads_of(arguments, 2, 1, False, mask)
    sizes = {"num_heads": 2, "key_dim": 2, "value_dim": 3}
    options = {**sizes, "use_bias": biased, "attention_mask": mask}
    within("layers/multi_head_attention", wanted, *arguments, **options)


@pytest.mark.parametrize("mask", [None, np.tri(2, 3, dtype=bool)])
@pytest.mark.parametrize("biased", [True, False])
def test_groups_of_heads_share_a_key_and_a_value(mask: Any, biased: bool) -> None:
    arguments = [draw(3, 2, 3), draw(3, 3, 3, seed=1), draw(3, 3, 3, seed=2)]
    arguments += weights((3, 3, 3), 4, 2, 2, 2, biased)
    wanted = heads_of(arguments, 4, 2, True, mask)
    config = {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2, "use_bias": biased}
    options = {**config, "attention_mask": mask, "use_causal_mask": True}
    within("layers/grouped_query_attention", wanted, *arguments, **options)


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


def test_as_many_heads_of_all_are_those_of_multi_head_attention() -> None:
    arguments = [draw(2, 3, 3), draw(2, 4, 3, seed=1), draw(2, 4, 3, seed=2)]
    for number, shape in enumerate([(3, 4, 2), (3, 4, 2), (3, 4, 2), (4, 2, 3)]):
        bias = draw(*(shape[1:] if number < 3 else shape[2:]), seed=20 + number)
        arguments += [draw(*shape, seed=10 + number), bias]
    several = etalon.reference("layers/multi_head_attention")
    grouped = etalon.reference("layers/grouped_query_attention")
    heads = {"num_query_heads": 4, "head_dim": 2}
    y = several(*arguments, num_heads=4, key_dim=2, value_dim=2)
    assert np.array_equal(grouped(*arguments, **heads, num_key_value_heads=4), y)
    for few in (1, 2):
        shared, repeated = list(arguments), list(arguments)
        for place in (5, 6, 7, 8):
            shared[place] = arguments[place][..., :few, :]
            repeated[place] = np.repeat(shared[place], 4 // few, axis=-2)
        y = several(*repeated, num_heads=4, key_dim=2, value_dim=2)
        assert np.array_equal(grouped(*shared, **heads, num_key_value_heads=few), y)


def test_calls_that_do_not_fit_are_refused() -> None:
    attention = etalon.reference("layers/attention")
    query, value, key = sequences()
    with pytest.raises(InvalidCall, match="C1: key has shape"):
        attention(query, value, np.ones((BATCH, SOURCE, FEATURES + 1)))
    with pytest.raises(InvalidCall, match="key has shape"):
        attention(query, value, key[:, 1:])
    with pytest.raises(InvalidCall, match="C3: value_mask has shape"):
        attention(query, value, key, value_mask=VALUE_MASK[:, 1:])
    grouped = etalon.reference("layers/grouped_query_attention")
    arguments = [draw(2, 3, 3), draw(2, 4, 3, seed=1), None]
    for shape in [(3, 3, 2), (3, 2, 2), (3, 2, 2), (3, 2, 3)]:
        arguments += [draw(*shape), None]
    with pytest.raises(InvalidCall, match="C4: num_query_heads is a multiple"):
        grouped(*arguments, num_query_heads=3, num_key_value_heads=2, use_bias=False)


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
