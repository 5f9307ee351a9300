"""Calls a regularizer of Keras on one tensor of weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from etalon.spec.model import Op


def call(found: Callable[..., Any], op: Op, w: Any, **config: Any) -> Any:
    """Return the penalty, a scalar."""
    return found(**config)(w)
