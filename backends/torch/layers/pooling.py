"""PyTorch's pooling: channels first."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def max_pooling2d(
    x: torch.Tensor,
    *,
    pool_size: int | Sequence[int] = (2, 2),
    strides: int | Sequence[int] | None = None,
    padding: str = "valid",
    data_format: str = "channels_last",
) -> torch.Tensor:
    """native: torch.nn.functional.max_pool2d

    It pads both ends alike. Where "same" needs one more at the far end, ``ceil_mode`` lets the
    last window reach over that end, provided that the stride is above 1.
    """
    last, same = data_format == "channels_last", padding == "same"
    size = _pair(pool_size)
    steps = size if strides is None else _pair(strides)
    y = torch.movedim(x, -1, 1) if last else x
    pads = _padding(y.shape[2:], size, steps) if same else 0
    y = torch.nn.functional.max_pool2d(y, size, steps, pads, ceil_mode=same)
    return torch.movedim(y, 1, -1) if last else y


def _padding(lengths: Sequence[int], size: Sequence[int], steps: Sequence[int]) -> list[int]:
    if any(k > 1 and k % 2 == 0 and s == 1 for k, s in zip(size, steps, strict=True)):
        raise NotImplementedError(
            "max_pool2d pads both ends alike, but an even window at stride 1 needs one more after"
        )
    sizes = zip(lengths, size, steps, strict=False)
    return [max((-(-n // s) - 1) * s + k - n, 0) // 2 for n, k, s in sizes]


def _pair(value: int | Sequence[int]) -> Sequence[int]:
    return (value, value) if isinstance(value, int) else value
