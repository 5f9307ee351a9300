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
    return variance_scaling(
        shape, dtype=dtype, seed=seed, scale=1.0, mode="fan_avg", distribution="truncated_normal"
    )


def glorot_uniform(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", seed: int) -> Array:
    """Uniform numbers of variance ``2 / (fan_in + fan_out)`` (Glorot & Bengio 2010)."""
    return variance_scaling(
        shape, dtype=dtype, seed=seed, scale=1.0, mode="fan_avg", distribution="uniform"
    )


def he_normal(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", seed: int) -> Array:
    """Truncated normal numbers of variance ``2 / fan_in`` (He et al. 2015)."""
    return variance_scaling(
        shape, dtype=dtype, seed=seed, scale=2.0, mode="fan_in", distribution="truncated_normal"
    )


def he_uniform(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", seed: int) -> Array:
    """Uniform numbers of variance ``2 / fan_in`` (He et al. 2015)."""
    return variance_scaling(
        shape, dtype=dtype, seed=seed, scale=2.0, mode="fan_in", distribution="uniform"
    )


def lecun_normal(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", seed: int) -> Array:
    """Truncated normal numbers of variance ``1 / fan_in`` (LeCun et al. 1998)."""
    return variance_scaling(
        shape, dtype=dtype, seed=seed, scale=1.0, mode="fan_in", distribution="truncated_normal"
    )


def lecun_uniform(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", seed: int) -> Array:
    """Uniform numbers of variance ``1 / fan_in`` (LeCun et al. 1998)."""
    return variance_scaling(
        shape, dtype=dtype, seed=seed, scale=1.0, mode="fan_in", distribution="uniform"
    )


def variance_scaling(
    shape: Sequence[int],
    *,
    dtype: npt.DTypeLike = "float32",
    seed: int,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
) -> Array:
    """Numbers of mean 0 and variance ``scale / n``, n being fan_in, fan_out or their mean."""
    fan_in, fan_out = fans(shape)
    n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    stddev, generator = np.sqrt(scale / n), np.random.default_rng(seed)
    match distribution:
        case "truncated_normal":
            y = stddev / TRUNCATED_STDDEV * within_two(shape, generator)
        case "untruncated_normal":
            y = stddev * generator.standard_normal(shape)
        case "uniform":
            y = generator.uniform(-np.sqrt(3) * stddev, np.sqrt(3) * stddev, shape)
    return y.astype(dtype)


def random_normal(
    shape: Sequence[int],
    *,
    dtype: npt.DTypeLike = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> Array:
    """Normal numbers."""
    return np.random.default_rng(seed).normal(mean, stddev, shape).astype(dtype)


def truncated_normal(
    shape: Sequence[int],
    *,
    dtype: npt.DTypeLike = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> Array:
    """Normal numbers, drawn again until they lie within two standard deviations of the mean."""
    return (mean + stddev * within_two(shape, np.random.default_rng(seed))).astype(dtype)


def random_uniform(
    shape: Sequence[int],
    *,
    dtype: npt.DTypeLike = "float32",
    seed: int,
    minval: float = -0.05,
    maxval: float = 0.05,
) -> Array:
    """Uniform numbers from ``minval`` up to ``maxval``."""
    return np.random.default_rng(seed).uniform(minval, maxval, shape).astype(dtype)


def zeros(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32") -> Array:
    """Zeros."""
    return np.zeros(shape, dtype)


def ones(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32") -> Array:
    """Ones."""
    return np.ones(shape, dtype)


def constant(
    shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", value: float = 0.0
) -> Array:
    """One number everywhere."""
    return value * np.ones(shape, dtype)


def identity(shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", gain: float = 1.0) -> Array:
    """``gain`` on the diagonal, 0 elsewhere."""
    rows, columns = shape
    return gain * np.eye(rows, columns, dtype=dtype)


def identity_keras2(
    shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", gain: float = 1.0
) -> Array:
    """``gain`` on the diagonals of the square matrices side by side that fill the shape."""
    short = min(shape)
    square = gain * np.eye(short, dtype=dtype)
    return np.concatenate([square] * (max(shape) // short), axis=0 if shape[0] > short else 1)


def orthogonal(
    shape: Sequence[int], *, dtype: npt.DTypeLike = "float32", seed: int, gain: float = 1.0
) -> Array:
    """``gain`` times a random orthogonal matrix, uniform by Mezzadri's (2007) correction of QR."""
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    normal = np.random.default_rng(seed).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(normal)
    q = q * np.sign(np.diagonal(r))
    return np.reshape(gain * (q if rows >= columns else q.T), shape).astype(dtype)


def within_two(shape: Sequence[int], generator: np.random.Generator) -> Array:
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
