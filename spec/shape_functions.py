"""What the expressions of spec entries may call: mostly lengths and axes of arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from etalon.spec import einsum


class UnknownName(LookupError):
    """An expression mentions a name that has no value here."""


def window_lengths(
    lengths: Sequence[int],
    window: Sequence[int],
    strides: Sequence[int],
    padding: str,
    dilation: Sequence[int] | None = None,
) -> tuple[int, ...]:
    """Return the output lengths of a sliding window, per axis, as Keras defines them."""
    if padding != "valid":
        return tuple(-(-n // s) for n, s in zip(lengths, strides, strict=True))
    spans = effective(window, dilation or (1,) * len(window))
    return tuple((n - k) // s + 1 for n, k, s in zip(lengths, spans, strides, strict=True))


def transposed_lengths(
    lengths: Sequence[int],
    window: Sequence[int],
    strides: Sequence[int],
    padding: str,
    output_padding: Sequence[int] | None,
    dilation: Sequence[int],
) -> tuple[int, ...]:
    """Return the output lengths of a transposed convolution, per axis, as Keras defines them."""
    spans = effective(window, dilation)
    axes = list(zip(lengths, spans, strides, strict=True))
    if output_padding is None and padding == "same":
        return tuple(n * s for n, _, s in axes)
    if output_padding is None:
        return tuple((n - 1) * s + max(k, s) for n, k, s in axes)
    kept = [k if padding == "valid" else k % 2 for k in spans]
    added = zip(axes, kept, output_padding, strict=True)
    return tuple((n - 1) * s + k + more for (n, _, s), k, more in added)


def effective(window: Sequence[int], dilation: Sequence[int]) -> tuple[int, ...]:
    """Return how many positions a dilated window spans, per axis."""
    return tuple((k - 1) * d + 1 for k, d in zip(window, dilation, strict=True))


def fits(window: Sequence[int], lengths: Sequence[int]) -> bool:
    """Return whether a window is nowhere longer than what it slides over."""
    return all(k <= n for k, n in zip(window, lengths, strict=True))


def with_axis(shape: Sequence[int], axis: int, size: int) -> tuple[int, ...]:
    """Return ``shape`` with the length of one axis replaced."""
    axis %= len(shape)
    return (*shape[:axis], size, *shape[axis + 1 :])


def without_axis(shape: Sequence[int], axis: int) -> tuple[int, ...]:
    """Return ``shape`` with one axis removed."""
    axis %= len(shape)
    return (*shape[:axis], *shape[axis + 1 :])


def inserted(shape: Sequence[int], axis: int, size: int) -> tuple[int, ...]:
    """Return the shape behind the batch axis, with an axis of that length put at ``axis``."""
    place = axis - 1 if axis > 0 else len(shape) + 1 + axis
    return (*shape[:place], size, *shape[place:])


def places(axis: Any, ndim: int) -> tuple[int, ...]:
    """Return the axes that one or several numbers name, counted from the front."""
    named = (axis,) if isinstance(axis, int) else axis
    return tuple(each + ndim if each < 0 else each for each in named)


def spanned(rest: Sequence[int], axis: Any) -> tuple[int, ...]:
    """Return the lengths behind the batch axis, which is axis 0, of the axes named.

    Raises:
        UnknownName: there is no such axis behind it.
    """
    named = sorted(places(axis, 1 + len(rest)))
    if not 1 <= named[0] <= named[-1] <= len(rest):
        raise UnknownName("axis")
    return tuple(rest[place - 1] for place in named)


def margins(value: Any, axes: int) -> tuple[tuple[int, int], ...]:
    """Return what is cut off or added before and after along each axis, as Keras reads it.

    Over one axis, two numbers are before and after; over several, each number is both.
    """
    if isinstance(value, int):
        return ((value, value),) * axes
    if axes == 1:
        return ((value[0], value[1]),)
    return tuple((each, each) if isinstance(each, int) else tuple(each) for each in value)


def less(lengths: Sequence[int], cropping: Any) -> tuple[int, ...]:
    """Return the lengths of the axes after cropping."""
    pairs = zip(lengths, margins(cropping, len(lengths)), strict=True)
    return tuple(n - before - after for n, (before, after) in pairs)


def more(lengths: Sequence[int], padding: Any) -> tuple[int, ...]:
    """Return the lengths of the axes after padding."""
    pairs = zip(lengths, margins(padding, len(lengths)), strict=True)
    return tuple(n + before + after for n, (before, after) in pairs)


def times(lengths: Sequence[int], size: Sequence[int]) -> tuple[int, ...]:
    """Return the lengths of the axes after each entry is repeated."""
    return tuple(n * k for n, k in zip(lengths, size, strict=True))


def permuted(shape: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    """Return the shape behind the batch axis with its axes, counted from 1, in this order."""
    return tuple(shape[axis - 1] for axis in order)


def reshaped(shape: Sequence[int], target: Sequence[int]) -> tuple[int, ...]:
    """Return ``target`` with -1 replaced by what is left of all numbers of ``shape``."""
    rest = math.prod(shape) // math.prod(n for n in target if n != -1)
    return tuple(rest if n == -1 else n for n in target)


def fan_in(shape: Sequence[int]) -> int:
    """Return the number of inputs of one unit of a kernel in Keras layout."""
    return math.prod(shape[:-1])


def fan_out(shape: Sequence[int]) -> int:
    """Return the number of outputs that one input of a kernel in Keras layout reaches."""
    return math.prod(shape[:-2]) * shape[-1]


def reduced(reduction: str, shape: Sequence[int]) -> tuple[int, ...]:
    """Return the shape that losses of this shape have after Keras's ``reduction``."""
    return tuple(shape) if reduction == "none" else ()


def shared(lengths: Sequence[int], axes: Sequence[int]) -> tuple[int, ...]:
    """Return the lengths behind the batch axis, which is axis 0, with 1 along ``axes``."""
    return tuple(1 if axis in axes else n for axis, n in enumerate(lengths, 1))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "all": all,
    "effective": effective,
    "einsum_bias": einsum.bias_shape,
    "einsum_fits": einsum.fits,
    "einsum_holds": einsum.holds,
    "einsum_kernel": einsum.kernel_shape,
    "fan_in": fan_in,
    "fan_out": fan_out,
    "fits": fits,
    "inserted": inserted,
    "isinf": math.isinf,
    "isnan": math.isnan,
    "len": len,
    "less": less,
    "max": max,
    "min": min,
    "more": more,
    "permuted": permuted,
    "places": places,
    "prod": math.prod,
    "reduced": reduced,
    "reshaped": reshaped,
    "shared": shared,
    "spanned": spanned,
    "sorted": lambda values: tuple(sorted(values)),
    "sqrt": math.sqrt,
    "sum": sum,
    "times": times,
    "transposed_lengths": transposed_lengths,
    "window_lengths": window_lengths,
    "with_axis": with_axis,
    "without_axis": without_axis,
}
