"""The definitions of the initializers, on NumPy's own generator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from etalon.backends.numpy import Array

TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a standard normal number truncated to [-2, 2]."""


def glorot_normal(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", seed: int) -> Array:
    """Truncated normal numbers of variance ``2 / (fan_in + fan_out)`` (Glorot & Bengio 2010)."""
    fan_in, fan_out = fans(shape)
    stddev = np.sqrt(2.0 / (fan_in + fan_out)) / TRUNCATED_STDDEV
    return (stddev * truncated_normal(shape, np.random.default_rng(seed))).astype(dtype)


def orthogonal(
    shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", seed: int, gain: float = 1.0
) -> Array:
    """``gain`` times a random orthogonal matrix, uniform by Mezzadri's (2007) correction of QR."""
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    normal = np.random.default_rng(seed).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(normal)
    q = q * np.sign(np.diagonal(r))
    return np.reshape(gain * (q if rows >= columns else q.T), shape).astype(dtype)


def truncated_normal(shape: Sequence[int], generator: np.random.Generator) -> Array:
    """Standard normal numbers, drawn again until they lie within [-2, 2]."""
    count = int(np.prod(shape))
    kept = np.empty(0)
    while kept.size < count:
        drawn = generator.standard_normal(count)
        kept = np.concatenate([kept, drawn[np.abs(drawn) <= 2]])
    return kept[:count].reshape(shape)


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Return the number of inputs and outputs of a kernel ``(*receptive field, in, out)``."""
    field = int(np.prod(shape[:-2]))
    return field * shape[-2], field * shape[-1]
