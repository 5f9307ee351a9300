"""Convolutions: the standard has none, so each place of the kernel is a product of matrices."""

from __future__ import annotations

from functools import reduce
from typing import Any

import array_api_strict as xp

from etalon_array_api_strict.layers.core import activate
from etalon_array_api_strict.layers.windows import (
    Lengths,
    as_given,
    channels_last,
    per_axis,
    windows,
)

Array = Any


def conv1d(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """composed: xp.concat"""
    steps, rates = per_axis(strides, 1), per_axis(dilation_rate, 1)
    parts = _groups(channels_last(x, data_format), kernel, groups)
    y = xp.concat([_convolved(a, k, steps, rates, padding) for a, k in parts], axis=-1)
    y = y + bias if use_bias else y
    return activate(as_given(y, data_format), activation)


def conv2d(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """composed: xp.concat"""
    steps, rates = per_axis(strides, 2), per_axis(dilation_rate, 2)
    parts = _groups(channels_last(x, data_format), kernel, groups)
    y = xp.concat([_convolved(a, k, steps, rates, padding) for a, k in parts], axis=-1)
    y = y + bias if use_bias else y
    return activate(as_given(y, data_format), activation)


def _groups(x: Array, kernel: Array, groups: int) -> list[tuple[Array, Array]]:
    """Return, for each group, its channels and its filters."""
    channels, filters = kernel.shape[-2], kernel.shape[-1] // groups
    if x.shape[-1] != groups * channels or kernel.shape[-1] % groups:
        raise ValueError(f"x of shape {x.shape} and a kernel of {kernel.shape} in {groups} groups")
    return [
        (
            x[..., g * channels : (g + 1) * channels],
            kernel[..., g * filters : (g + 1) * filters],
        )
        for g in range(groups)
    ]


def _convolved(
    x: Array, kernel: Array, steps: tuple[int, ...], rates: tuple[int, ...], padding: str
) -> Array:
    places = windows(x, kernel.shape[:-2], steps, rates, padding)
    terms = [xp.matmul(values, kernel[(*place, ...)]) for place, values in places]
    return reduce(xp.add, terms)
