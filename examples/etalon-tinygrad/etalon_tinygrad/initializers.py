"""tinygrad's initializers, which draw from its global generator."""

from __future__ import annotations

from collections.abc import Sequence

from tinygrad import Tensor


def zeros(shape: Sequence[int], *, dtype: str = "float32") -> Tensor:
    """native: Tensor.zeros"""
    return Tensor.zeros(*shape, dtype=dtype)


def ones(shape: Sequence[int], *, dtype: str = "float32") -> Tensor:
    """native: Tensor.ones"""
    return Tensor.ones(*shape, dtype=dtype)


def constant(shape: Sequence[int], *, dtype: str = "float32", value: float = 0.0) -> Tensor:
    """native: Tensor.full"""
    return Tensor.full(tuple(shape), value, dtype=dtype)


def random_normal(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> Tensor:
    """native: Tensor.normal"""
    Tensor.manual_seed(seed)
    return Tensor.normal(*shape, mean=mean, std=stddev, dtype=dtype)


def random_uniform(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    minval: float = -0.05,
    maxval: float = 0.05,
) -> Tensor:
    """native: Tensor.uniform"""
    Tensor.manual_seed(seed)
    return Tensor.uniform(*shape, low=minval, high=maxval, dtype=dtype)
