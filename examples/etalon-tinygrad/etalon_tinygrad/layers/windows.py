"""What pooling and convolutions share: where channels are, and what "same" pads."""

from __future__ import annotations

from collections.abc import Sequence

from tinygrad import Tensor

Lengths = int | Sequence[int]


def per_axis(value: Lengths, axes: int) -> tuple[int, ...]:
    """Return a number for each axis."""
    return (value,) * axes if isinstance(value, int) else tuple(value)


def channels_first(x: Tensor, data_format: str) -> Tensor:
    """Move the channels to where tinygrad has them."""
    last = data_format == "channels_last"
    return x.permute(0, x.ndim - 1, *range(1, x.ndim - 1)) if last else x


def as_given(y: Tensor, data_format: str) -> Tensor:
    """Undo :func:`channels_first`."""
    return y.permute(0, *range(2, y.ndim), 1) if data_format == "channels_last" else y


def margins(
    padding: str, lengths: Sequence[int], spans: Sequence[int], steps: Sequence[int]
) -> tuple[int, ...]:
    """Return what to add before and after, as tinygrad wants it: the last axis first."""
    pairs = [(0, 0)] * len(spans)
    if padding == "causal":
        pairs = [(k - 1, 0) for k in spans]
    if padding == "same":
        sizes = zip(lengths, spans, steps, strict=True)
        totals = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in sizes]
        pairs = [(total // 2, total - total // 2) for total in totals]
    return tuple(n for pair in reversed(pairs) for n in pair)
