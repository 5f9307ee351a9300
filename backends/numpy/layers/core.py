"""The definitions of the core layers."""

from __future__ import annotations

import numpy as np

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
    y = affine(x, kernel, bias[None] if use_bias and bias is not None else None)
    return activate(y, activation)


def affine(x: Array, kernel: Array, bias: Array | None) -> Array:
    """``x @ kernel + bias`` as one sum: the bias is the weight of an input that is always 1.

    In which order the products and the bias are added up is nobody's promise.
    """
    if bias is None:
        return x @ kernel
    ones = np.ones_like(x[..., :1])
    return np.concatenate([x, ones], axis=-1) @ np.concatenate([kernel, bias], axis=-2)


def activate(y: Array, activation: str | None) -> Array:
    """Apply an activation by its name; ``None`` is linear."""
    result: Array = getattr(activations, activation or "linear")(y)
    return result
