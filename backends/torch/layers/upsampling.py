"""PyTorch's repetition, and its interpolation, which has channels along axis 1."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def up_sampling1d(x: torch.Tensor, *, size: int = 2) -> torch.Tensor:
    """native: torch.repeat_interleave"""
    return torch.repeat_interleave(x, size, dim=1)


def up_sampling2d(
    x: torch.Tensor,
    *,
    size: int | Sequence[int] = (2, 2),
    interpolation: str = "nearest",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """native: torch.nn.functional.interpolate

    Its filters against aliasing change nothing where images grow, but only with them is a cubic
    kernel that of Keys with a = -1/2, and nothing beyond the edges: without, a is -3/4, and the
    outermost pixels are repeated. Of Lanczos's kernels there is that of radius 3.
    """
    images = torch.movedim(x, -1, 1) if data_format == "channels_last" else x
    mode = "lanczos" if interpolation == "lanczos3" else interpolation
    y = torch.nn.functional.interpolate(
        images,
        _lengths(images, size),
        mode=mode,
        align_corners=None if mode == "nearest" else False,
        antialias=mode in ("bicubic", "lanczos"),
    )
    return torch.movedim(y, 1, -1) if data_format == "channels_last" else y


def up_sampling2d_keras2(
    x: torch.Tensor,
    *,
    size: int | Sequence[int] = (2, 2),
    interpolation: str = "nearest",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """composed: torch.index_select, torch.where

    Nearest pixels are those of torch.nn.functional.interpolate, which knows no corners otherwise.
    """
    images = torch.movedim(x, -1, 1) if data_format == "channels_last" else x
    lengths = _lengths(images, size)
    if interpolation != "bilinear":
        y = torch.nn.functional.interpolate(images, lengths, mode=interpolation)
        return torch.movedim(y, 1, -1) if data_format == "channels_last" else y
    for axis, length in zip((2, 3), lengths, strict=True):
        before, after, share = _neighbours(images, axis, length)
        first, second = (torch.index_select(images, axis, place) for place in (before, after))
        images = (1 - share) * first + torch.where(share > 0, share * second, 0)
    return torch.movedim(images, 1, -1) if data_format == "channels_last" else images


def up_sampling3d(
    x: torch.Tensor, *, size: int | Sequence[int] = (2, 2, 2), data_format: str = "channels_last"
) -> torch.Tensor:
    """native: torch.repeat_interleave"""
    counts = (size,) * 3 if isinstance(size, int) else size
    for axis, count in enumerate(counts, start=1 if data_format == "channels_last" else 2):
        x = torch.repeat_interleave(x, count, dim=axis)
    return x


def _lengths(images: torch.Tensor, size: int | Sequence[int]) -> list[int]:
    sizes = (size, size) if isinstance(size, int) else size
    return [n * count for n, count in zip(images.shape[2:], sizes, strict=True)]


def _neighbours(
    x: torch.Tensor, axis: int, length: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the pixels before and after each of so many corners, and how far it is from one."""
    count = x.shape[axis]
    corners = torch.arange(length, device=x.device)
    before = corners * count // length
    share = corners.to(x.dtype) * (count / length) - before
    shape = [-1, *[1] * (x.ndim - 1 - axis)]
    return before, torch.clamp(before + 1, max=count - 1), share.reshape(shape)
