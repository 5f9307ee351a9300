"""Orders of summation, right and wrong, for ``alarms.py``: products of two matrices.

All numbers are held in float32, which holds those of float16 and bfloat16, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import ml_dtypes  # noqa: F401  (gives NumPy its bfloat16)
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Sum = Callable[[Array, Array], Array]
"""The product of a matrix ``(rows, terms)`` with another, ``(terms, columns)``."""

NARROW = ("float16", "bfloat16")


def rounded(x: Array, name: str) -> Array:
    """Return numbers rounded to a format, in float32."""
    if name == "tf32":
        bits = x.astype(np.float32).view(np.uint32)
        even = (bits >> 13) & 1
        return ((bits + 0xFFF + even) & np.uint32(0xFFFFE000)).view(np.float32)
    return x.astype(name).astype(np.float32)


def truncated(x: Array, name: str) -> Array:
    """Return numbers rounded to a format towards zero, in float32."""
    near = x.astype(name)
    nearer = np.nextafter(near, near.dtype.type(0))
    return np.where(np.abs(near.astype(np.float64)) > np.abs(x), nearer, near).astype(np.float32)


def blocks(terms: int, size: int) -> Iterator[slice]:
    """Yield the parts of so many terms, each of a size but the last."""
    return (slice(start, start + size) for start in range(0, terms, size))


def whole(a: Array, b: Array) -> Array:
    """In the order of NumPy's BLAS."""
    return a @ b


def wide(a: Array, b: Array) -> Array:
    """In float64."""
    return a.astype(np.float64) @ b


def blocked(a: Array, b: Array, size: int, stored: Callable[[Array], Array] = lambda x: x) -> Array:
    """Add up blocks one after the other; what is so far there is stored after each."""
    total = np.zeros((len(a), b.shape[-1]), np.float32)
    for part in blocks(len(b), size):
        total = stored(total + a[:, part] @ b[part])
    return total


def pairwise(a: Array, b: Array) -> Array:
    """Add up halves, and theirs, to blocks of 8."""
    half = len(b) // 2
    return a @ b if half < 8 else pairwise(a[:, :half], b[:half]) + pairwise(a[:, half:], b[half:])


def split(a: Array, b: Array, stored: Callable[[Array], Array] = lambda x: x) -> Array:
    """Add up eight parts, each stored before, as several blocks of a GPU do."""
    parts = [stored(a[:, part] @ b[part]) for part in blocks(len(b), len(b) // 8)]
    total = parts[0]
    for part in parts[1:]:
        total = stored(total + part)
    return total


def truncating(a: Array, b: Array) -> Array:
    """Add up 16 products exactly, then cut off what float32 has no digits for."""
    wide_a, wide_b = a.astype(np.float64), b.astype(np.float64)
    total = np.zeros((len(a), b.shape[-1]))
    for part in blocks(len(b), 16):
        total = truncated(total + wide_a[:, part] @ wide_b[part], "float32").astype(np.float64)
    return total


ORDERS: Mapping[str, Sum] = MappingProxyType(
    {
        "as BLAS does": whole,
        "in float64": wide,
        "one by one": partial(blocked, size=1),
        "by blocks of 32": partial(blocked, size=32),
        "by halves": pairwise,
        "in eight parts": split,
    }
)
"""The right ways to add up."""


def faulty_sums(dtype: str) -> Iterator[tuple[str, Sum]]:
    """Yield the wrong ways to add up, of factors of a dtype."""
    for name in NARROW:
        stored = partial(rounded, name=name)
        yield f"accumulated in {name}, per 32", partial(blocked, size=32, stored=stored)
        yield f"eight parts in {name}", partial(split, stored=stored)
    for name in {"float32": ("bfloat16", "tf32"), "float16": ("bfloat16",)}.get(dtype, ()):
        yield f"factors in {name}", partial(_of_factors, name=name)
    if dtype == "float32":
        yield "one factor in tf32", lambda a, b: a @ rounded(b, "tf32")
    yield "truncating accumulator", truncating


def _of_factors(a: Array, b: Array, name: str) -> Array:
    return rounded(a, name) @ rounded(b, name)
