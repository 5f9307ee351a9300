"""The definitions of the core layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array, activations, special
from etalon.spec.shapes import InvalidCall


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


def embedding(
    x: Array, embeddings: Array, *, input_dim: int | None = None, output_dim: int | None = None
) -> Array:
    """The rows of the table that ``x`` names: ``y[..., j] = embeddings[x[...], j]``."""
    if ((x < 0) | (x >= embeddings.shape[0])).any():
        raise InvalidCall("layers/embedding: C2: x has integers that are no rows of embeddings")
    return embeddings[x]


def einsum_dense(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    equation: str,
    output_shape: tuple[int, ...] | None = None,
    activation: str | None = None,
    bias_axes: str | None = None,
) -> Array:
    """``activation(einsum(equation, x, kernel) + bias)``, a bias for ``bias_axes`` of the result.

    The bias has length 1 along the axes between these, and is broadcast over those before.
    """
    y = np.einsum(equation, x, kernel)
    return activate(y if bias_axes is None else y + bias, activation)


def affine(x: Array, kernel: Array, bias: Array | None) -> Array:
    """``x @ kernel + bias``, by :func:`special.affine`."""
    return x @ kernel if bias is None else special.affine([x], [kernel], [bias])


def activate(y: Array, activation: str | None) -> Array:
    """Apply an activation by its name; ``None`` is linear."""
    result: Array = getattr(activations, activation or "linear")(y)
    return result
