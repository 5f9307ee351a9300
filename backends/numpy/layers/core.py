"""The definitions of the core layers."""

from __future__ import annotations

from etalon.backends.numpy import Array, activations


def dense(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    units: int | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """``activation(x @ kernel + bias)``; x is ``(*batch, features)``, y ``(*batch, units)``."""
    y = x @ kernel
    if use_bias and bias is not None:
        y = y + bias
    return activate(y, activation)


def activate(y: Array, activation: str | None) -> Array:
    """Apply an activation by its name; ``None`` is linear."""
    result: Array = getattr(activations, activation or "linear")(y)
    return result
