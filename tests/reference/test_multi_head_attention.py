"""Attention with several heads, number by number, from the equations of the papers in 50 digits.

Vaswani et al. 2017 (arXiv:1706.03762), Ainslie et al. 2023 (arXiv:2305.13245).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import etalon
from attending import MP, attended, dot, draw, rows, within
from etalon.spec.shapes import InvalidCall


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


def test_heads_that_do_not_fit_are_refused() -> None:
    grouped = etalon.reference("layers/grouped_query_attention")
    arguments = [draw(2, 3, 3), draw(2, 4, 3, seed=1), None]
    for shape in [(3, 3, 2), (3, 2, 2), (3, 2, 2), (3, 2, 3)]:
        arguments += [draw(*shape), None]
    with pytest.raises(InvalidCall, match="C4: num_query_heads is a multiple"):
        grouped(*arguments, num_query_heads=3, num_key_value_heads=2, use_bias=False)
