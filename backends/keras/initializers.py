"""Calls an initializer of Keras: made from its seed, then called with a shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from etalon.spec.model import Op


def call(
    found: Callable[..., Any],
    op: Op,
    shape: Sequence[int],
    *,
    dtype: str = "float32",
    **config: Any,
) -> Any:
    """Return a new tensor of this shape and dtype."""
    return found(**config)(tuple(shape), dtype=dtype)
