"""Cropping, padding and repetition: each number of the result is found in the input."""

from __future__ import annotations

import numpy as np
import pytest

import etalon

PAIRS = {1: ((1, 2),), 2: ((1, 0), (0, 2)), 3: ((1, 0), (0, 2), (1, 1))}


def given(axes: int) -> tuple[tuple[int, ...], ...] | tuple[int, ...]:
    return PAIRS[axes][0] if axes == 1 else PAIRS[axes]


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_cropping_and_padding_shift_the_input(axes: int) -> None:
    x = np.random.RandomState(0).standard_normal((2, *(5, 4, 4)[:axes], 3))
    crop = etalon.reference(f"layers/cropping{axes}d")(x, cropping=given(axes))
    pad = etalon.reference(f"layers/zero_padding{axes}d")(x, padding=given(axes))
    for place in np.ndindex(crop.shape):
        b, *spatial, c = place
        there = [p + before for p, (before, _) in zip(spatial, PAIRS[axes], strict=True)]
        assert crop[place] == x[(b, *there, c)]
    for place in np.ndindex(pad.shape):
        b, *spatial, c = place
        there = [p - before for p, (before, _) in zip(spatial, PAIRS[axes], strict=True)]
        inside = all(0 <= p < n for p, n in zip(there, x.shape[1:-1], strict=True))
        assert pad[place] == (x[(b, *there, c)] if inside else 0)
    assert pad.size - x.size > 0 > crop.size - x.size


def test_one_number_for_each_axis_is_meant_for_both_ends() -> None:
    x = np.ones((1, 4, 5, 2))
    assert etalon.reference("layers/cropping2d")(x, cropping=(1, 2)).shape == (1, 2, 1, 2)
    assert etalon.reference("layers/zero_padding2d")(x, padding=(1, 2)).shape == (1, 6, 9, 2)
    assert etalon.reference("layers/zero_padding2d")(x, padding=1).shape == (1, 6, 7, 2)


def test_up_sampling_repeats_in_place() -> None:
    x = np.arange(2 * 3 * 2 * 2 * 2.0).reshape(2, 3, 2, 2, 2)
    y = etalon.reference("layers/up_sampling3d")(x, size=(2, 3, 1))
    assert y.shape == (2, 6, 6, 2, 2)
    for b, i, j, k, c in np.ndindex(*y.shape):
        assert y[b, i, j, k, c] == x[b, i // 2, j // 3, k, c]
    rows = etalon.reference("layers/up_sampling1d")(np.array([[[1.0], [2.0]]]), size=3)
    assert rows.ravel().tolist() == [1, 1, 1, 2, 2, 2]
