"""Core layers."""

from __future__ import annotations

from typing import Any

import array_api_strict as xp

from etalon_array_api_strict import activations

Array = Any


def dense(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    units: int | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """native: xp.matmul"""
    y = xp.matmul(x, kernel)
    return activate(y + bias if use_bias else y, activation)


def activate(y: Array, activation: str | None) -> Array:
    """Apply an activation by its name; ``None`` is linear."""
    return getattr(activations, activation or "linear")(y)
