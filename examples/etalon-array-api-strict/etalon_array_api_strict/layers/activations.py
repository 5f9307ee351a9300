"""Activations as layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import array_api_strict as xp

from etalon_array_api_strict import activations
from etalon_array_api_strict.layers import core

Array = Any


def activation(x: Array, *, activation: str | None = None) -> Array:
    """composed: core.activate"""
    return core.activate(x, activation)


def elu(x: Array, *, alpha: float = 1.0) -> Array:
    """composed: activations.elu"""
    return activations.elu(x, alpha=alpha)


def leaky_relu(x: Array, *, negative_slope: float = 0.3) -> Array:
    """composed: activations.leaky_relu"""
    return activations.leaky_relu(x, negative_slope=negative_slope)


def prelu(x: Array, alpha: Array, *, shared_axes: Sequence[int] | int | None = None) -> Array:
    """composed: xp.where"""
    return xp.where(x < 0, alpha * x, x)


def relu(
    x: Array,
    *,
    max_value: float | None = None,
    negative_slope: float = 0.0,
    threshold: float = 0.0,
) -> Array:
    """composed: activations.relu"""
    return activations.relu(
        x, negative_slope=negative_slope, max_value=max_value, threshold=threshold
    )


def softmax(x: Array, *, mask: Array | None = None, axis: int | Sequence[int] = -1) -> Array:
    """composed: activations.softmax, xp.where"""
    axes = axis if isinstance(axis, int) else tuple(axis)
    if mask is None:
        return activations.softmax(x, axis=axes)
    y = activations.softmax(xp.where(mask, x, -xp.inf), axis=axes)
    return xp.where(mask, y, 0.0)


def thresholded_relu(x: Array, *, theta: float = 1.0) -> Array:
    """composed: xp.where"""
    return xp.where(x <= theta, 0.0, x)
