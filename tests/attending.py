"""Attention in 50 digits, from the equations of the papers: what its tests share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np

import etalon

MP = mpmath.MPContext()
MP.dps = 50

Score = Callable[[Sequence[float], Sequence[float]], Any]


def draw(*shape: int, seed: int = 0) -> Any:
    return np.random.RandomState(seed + sum(shape)).standard_normal(shape)


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
