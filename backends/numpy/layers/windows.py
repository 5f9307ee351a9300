"""Sliding windows: what convolution and pooling share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etalon.backends.numpy import Array

Lengths = int | Sequence[int]


def per_axis(value: Lengths, axes: int) -> tuple[int, ...]:
    """Return one number for each spatial axis."""
    return (value,) * axes if isinstance(value, int) else tuple(value)


def channels_last(x: Array, data_format: str) -> Array:
    """Return ``x`` with its channel axis moved to the end where it is not there."""
    return np.moveaxis(x, 1, -1) if data_format == "channels_first" else x


def as_given(y: Array, data_format: str) -> Array:
    """Undo :func:`channels_last`."""
    return np.moveaxis(y, -1, 1) if data_format == "channels_first" else y


def same_padding(length: int, span: int, stride: int) -> tuple[int, int]:
    """Return what ``padding="same"`` adds before and after: the odd one goes after."""
    total = max((-(-length // stride) - 1) * stride + span - length, 0)
    return total // 2, total - total // 2


def added(padding: str, length: int, span: int, stride: int) -> tuple[int, int]:
    """Return what a padding adds before and after; "causal" lets no window see what is ahead."""
    return (span - 1, 0) if padding == "causal" else same_padding(length, span, stride)


def windows(
    x: Array,
    window: Sequence[int],
    strides: Sequence[int],
    padding: str,
    dilation: Sequence[int],
    fill: float,
) -> Array:
    """Return all windows of ``x``, channels last: ``(batch, *out, channels, *window)``."""
    spans = [(k - 1) * d + 1 for k, d in zip(window, dilation, strict=True)]
    axes = tuple(range(1, 1 + len(window)))
    if padding != "valid":
        sizes = zip(x.shape[1:-1], spans, strides, strict=True)
        pads = [(0, 0), *(added(padding, n, k, s) for n, k, s in sizes), (0, 0)]
        x = np.pad(x, pads, constant_values=fill)
    views = np.lib.stride_tricks.sliding_window_view(x, spans, axis=axes)
    steps = [slice(None), *(slice(None, None, s) for s in strides), slice(None)]
    return views[(*steps, *(slice(None, None, d) for d in dilation))]
