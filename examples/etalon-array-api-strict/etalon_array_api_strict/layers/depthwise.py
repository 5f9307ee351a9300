"""Depthwise convolutions: each channel by itself."""

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


def depthwise_conv2d(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """composed: xp.multiply, xp.add, xp.reshape"""
    steps, rates = per_axis(strides, 2), per_axis(dilation_rate, 2)
    places = windows(channels_last(x, data_format), kernel.shape[:2], steps, rates, padding)
    terms = [xp.multiply(values[..., None], kernel[(*place, ...)]) for place, values in places]
    y = reduce(xp.add, terms)
    y = xp.reshape(y, (*y.shape[:-2], y.shape[-2] * y.shape[-1]))
    y = y + bias if use_bias else y
    return activate(as_given(y, data_format), activation)
