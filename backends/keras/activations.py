"""Calls an activation of Keras: a function of one tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from etalon.spec.model import Op


def call(found: Callable[..., Any], op: Op, x: Any, **config: Any) -> Any:
    """Return the activation of ``x``."""
    return found(x, **config)
