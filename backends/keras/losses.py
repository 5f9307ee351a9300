"""Calls a loss of Keras, with its weights and its reduction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from etalon.spec.model import Op


def call(
    found: Callable[..., Any],
    op: Op,
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    reduction: str = "none",
    **config: Any,
) -> Any:
    """Return the losses of the examples, or what the reduction makes of them."""
    return found(reduction=reduction, **config)(y_true, y_pred, sample_weight=sample_weight)
