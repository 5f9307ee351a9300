"""Pooling, window by window in exact arithmetic: all numbers are small multiples of 1/8."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import etalon
from arrays import eighths

Numbers = Any
SHAPES = {1: (7,), 2: (5, 6), 3: (3, 4, 5)}
WINDOWS = {1: ((3,), (2,)), 2: ((3, 2), (1, 3)), 3: ((2, 3, 1), (2, 1, 3))}


def spans(lengths: Sequence[int], size: Sequence[int], steps: Sequence[int], same: bool) -> Any:
    """Yield the place of each window and the positions of x within it."""
    starts = []
    for n, k, s in zip(lengths, size, steps, strict=True):
        count = math.ceil(n / s) if same else (n - k) // s + 1
        before = max((count - 1) * s + k - n, 0) // 2 if same else 0
        starts.append(
            [range(max(i * s - before, 0), min(i * s - before + k, n)) for i in range(count)]
        )
    for place in itertools.product(*(range(len(axis)) for axis in starts)):
        yield place, list(itertools.product(*(starts[a][i] for a, i in enumerate(place))))


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_each_window_is_pooled(kind: str, padding: str, axes: int) -> None:
    size, steps = WINDOWS[axes]
    x = eighths(2, *SHAPES[axes], 2)
    pool = etalon.reference(f"layers/{kind}_pooling{axes}d")
    y = pool(x, pool_size=size, strides=steps, padding=padding)
    first = pool(
        np.moveaxis(x, -1, 1),
        pool_size=size,
        strides=steps,
        padding=padding,
        data_format="channels_first",
    )
    assert (np.moveaxis(first, 1, -1) == y).all()
    seen = 0
    for place, inside in spans(SHAPES[axes], size, steps, padding == "same"):
        for b, c in np.ndindex(2, 2):
            values = [Fraction(x[(b, *p, c)]) for p in inside]
            wanted = max(values) if kind == "max" else Fraction(sum(values), len(values))
            assert abs(Fraction(y[(b, *place, c)]) - wanted) <= Fraction(1, 2**50)
            seen += 1
    assert seen == y.size


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_global_pooling_is_over_each_channel(axes: int) -> None:
    x = eighths(2, *SHAPES[axes], 3)
    rows = np.reshape(x, (2, -1, 3))
    count = rows.shape[1]
    means = [[Fraction(sum(map(Fraction, rows[b, :, c])), count) for c in range(3)] for b in (0, 1)]
    largest = etalon.reference(f"layers/global_max_pooling{axes}d")
    mean = etalon.reference(f"layers/global_average_pooling{axes}d")
    assert largest(x).tolist() == [[max(rows[b, :, c]) for c in range(3)] for b in (0, 1)]
    assert mean(x, keepdims=True).shape == (2, *(1,) * axes, 3)
    for b, c in np.ndindex(2, 3):
        assert abs(Fraction(mean(x)[b, c]) - means[b][c]) <= Fraction(1, 2**50)


def test_masked_steps_count_not() -> None:
    x = np.array([[[1.0], [2.0], [np.nan]], [[4.0], [5.0], [6.0]]])
    mean = etalon.reference("layers/global_average_pooling1d")
    kept = np.array([[True, True, False], [False, False, False]])
    assert mean(x, mask=kept).tolist()[0] == [1.5]
    assert np.isnan(mean(x, mask=kept)[1, 0])
