"""PyTorch's initializers, which fill a tensor in PyTorch's layout: ``(out, in, *spatial)``."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch


def glorot_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> torch.Tensor:
    """native: torch.nn.init.xavier_normal_"""
    w = _empty(shape, dtype)
    torch.nn.init.xavier_normal_(w, generator=_generator(w, seed))
    return torch.movedim(w, (0, 1), (-1, -2))


def orthogonal(
    shape: Sequence[int], *, dtype: str = "float32", seed: int, gain: float = 1.0
) -> torch.Tensor:
    """native: torch.nn.init.orthogonal_"""
    w = torch.empty(shape[-1], *shape[:-1], dtype=getattr(torch, dtype))
    torch.nn.init.orthogonal_(w, gain, generator=_generator(w, seed))
    return torch.movedim(w, 0, -1)


def glorot_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> torch.Tensor:
    """native: torch.nn.init.xavier_uniform_"""
    w = _empty(shape, dtype)
    torch.nn.init.xavier_uniform_(w, generator=_generator(w, seed))
    return torch.movedim(w, (0, 1), (-1, -2))


def he_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> torch.Tensor:
    """native: torch.nn.init.kaiming_normal_"""
    w = _empty(shape, dtype)
    torch.nn.init.kaiming_normal_(w, nonlinearity="relu", generator=_generator(w, seed))
    return torch.movedim(w, (0, 1), (-1, -2))


def he_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> torch.Tensor:
    """native: torch.nn.init.kaiming_uniform_"""
    w = _empty(shape, dtype)
    torch.nn.init.kaiming_uniform_(w, nonlinearity="relu", generator=_generator(w, seed))
    return torch.movedim(w, (0, 1), (-1, -2))


def lecun_normal(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> torch.Tensor:
    """native: torch.nn.init.kaiming_normal_"""
    w = _empty(shape, dtype)
    torch.nn.init.kaiming_normal_(w, nonlinearity="linear", generator=_generator(w, seed))
    return torch.movedim(w, (0, 1), (-1, -2))


def lecun_uniform(shape: Sequence[int], *, dtype: str = "float32", seed: int) -> torch.Tensor:
    """native: torch.nn.init.kaiming_uniform_"""
    w = _empty(shape, dtype)
    torch.nn.init.kaiming_uniform_(w, nonlinearity="linear", generator=_generator(w, seed))
    return torch.movedim(w, (0, 1), (-1, -2))


def variance_scaling(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
) -> torch.Tensor:
    """composed: torch.nn.init.trunc_normal_, torch.nn.init.normal_, torch.nn.init.uniform_"""
    if scale <= 0:
        raise ValueError(f"scale has to be positive, got {scale}")
    field = math.prod(shape[:-2])
    fan_in, fan_out = field * shape[-2], field * shape[-1]
    stddev = math.sqrt(
        scale / {"fan_in": fan_in, "fan_out": fan_out}.get(mode, (fan_in + fan_out) / 2)
    )
    w = torch.empty(*shape, dtype=getattr(torch, dtype))
    if distribution == "uniform":
        limit = math.sqrt(3) * stddev
        return torch.nn.init.uniform_(w, -limit, limit, generator=_generator(w, seed))
    if distribution == "untruncated_normal":
        return torch.nn.init.normal_(w, 0.0, stddev, generator=_generator(w, seed))
    wide = stddev / 0.87962566103423978
    return torch.nn.init.trunc_normal_(
        w, 0.0, wide, -2 * wide, 2 * wide, generator=_generator(w, seed)
    )


def random_normal(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> torch.Tensor:
    """native: torch.nn.init.normal_"""
    w = torch.empty(*shape, dtype=getattr(torch, dtype))
    return torch.nn.init.normal_(w, mean, stddev, generator=_generator(w, seed))


def random_uniform(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    minval: float = -0.05,
    maxval: float = 0.05,
) -> torch.Tensor:
    """native: torch.nn.init.uniform_"""
    w = torch.empty(*shape, dtype=getattr(torch, dtype))
    return torch.nn.init.uniform_(w, minval, maxval, generator=_generator(w, seed))


def truncated_normal(
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    seed: int,
    mean: float = 0.0,
    stddev: float = 0.05,
) -> torch.Tensor:
    """native: torch.nn.init.trunc_normal_"""
    w = torch.empty(*shape, dtype=getattr(torch, dtype))
    return torch.nn.init.trunc_normal_(
        w, mean, stddev, mean - 2 * stddev, mean + 2 * stddev, generator=_generator(w, seed)
    )


def zeros(shape: Sequence[int], *, dtype: str = "float32") -> torch.Tensor:
    """native: torch.nn.init.zeros_"""
    return torch.nn.init.zeros_(torch.empty(*shape, dtype=getattr(torch, dtype)))


def ones(shape: Sequence[int], *, dtype: str = "float32") -> torch.Tensor:
    """native: torch.nn.init.ones_"""
    return torch.nn.init.ones_(torch.empty(*shape, dtype=getattr(torch, dtype)))


def constant(shape: Sequence[int], *, dtype: str = "float32", value: float = 0.0) -> torch.Tensor:
    """native: torch.nn.init.constant_"""
    return torch.nn.init.constant_(torch.empty(*shape, dtype=getattr(torch, dtype)), value)


def identity(shape: Sequence[int], *, dtype: str = "float32", gain: float = 1.0) -> torch.Tensor:
    """native: torch.nn.init.eye_"""
    return gain * torch.nn.init.eye_(torch.empty(*shape, dtype=getattr(torch, dtype)))


def identity_keras2(
    shape: Sequence[int], *, dtype: str = "float32", gain: float = 1.0
) -> torch.Tensor:
    """composed: torch.eye, torch.tile"""
    rows, columns = shape
    short = min(shape)
    if max(shape) % short:
        raise ValueError(f"the long side has to be a multiple of the short side, got {shape}")
    eye = torch.eye(short, dtype=getattr(torch, dtype))
    return gain * torch.tile(eye, (rows // short, columns // short))


def _empty(shape: Sequence[int], dtype: str) -> torch.Tensor:
    return torch.empty(shape[-1], shape[-2], *shape[:-2], dtype=getattr(torch, dtype))


def _generator(w: torch.Tensor, seed: int) -> torch.Generator:
    return torch.Generator(device=w.device).manual_seed(seed)
