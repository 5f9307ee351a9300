"""What slides: every position of a window, as one slice of the input with channels last."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import array_api_strict as xp

from etalon_array_api_strict.layers.padding import padded

Array = Any
Lengths = int | Sequence[int]


def per_axis(value: Lengths, axes: int) -> tuple[int, ...]:
    """Return a number for each axis."""
    return (value,) * axes if isinstance(value, int) else tuple(value)


def channels_last(x: Array, data_format: str) -> Array:
    """Move the channels to the end."""
    return xp.moveaxis(x, 1, -1) if data_format == "channels_first" else x


def as_given(y: Array, data_format: str) -> Array:
    """Undo :func:`channels_last`."""
    return xp.moveaxis(y, -1, 1) if data_format == "channels_first" else y


def margins(
    padding: str, lengths: Sequence[int], spans: Sequence[int], steps: Sequence[int]
) -> list[tuple[int, int]]:
    """Return what to add before and after along every axis, batch and channels among them."""
    pairs = [(0, 0)] * len(spans)
    if padding == "causal":
        pairs = [(k - 1, 0) for k in spans]
    if padding == "same":
        sizes = zip(lengths, spans, steps, strict=True)
        totals = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in sizes]
        pairs = [(total // 2, total - total // 2) for total in totals]
    return [(0, 0), *pairs, (0, 0)]


def windows(
    x: Array,
    size: Sequence[int],
    steps: Sequence[int],
    rates: Sequence[int],
    padding: str,
    value: float = 0.0,
) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Yield each place in the window, and the numbers that are there in every window."""
    if min(steps) < 1:
        raise ValueError(f"strides have to be positive, got {tuple(steps)}")
    spans = [(k - 1) * rate + 1 for k, rate in zip(size, rates, strict=True)]
    wide = padded(x, margins(padding, x.shape[1:-1], spans, steps), value)
    last = [n - span for n, span in zip(wide.shape[1:-1], spans, strict=True)]
    if len(last) != x.ndim - 2 or min(last) < 0:
        raise ValueError(f"no window of size {tuple(size)} fits into x of shape {x.shape}")
    for place in itertools.product(*map(range, size)):
        starts = [i * rate for i, rate in zip(place, rates, strict=True)]
        ranges = zip(starts, last, steps, strict=True)
        across = (slice(start, start + end + 1, step) for start, end, step in ranges)
        yield place, wide[(slice(None), *across, slice(None))]
