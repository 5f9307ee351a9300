"""Feeds a metric of Keras batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from etalon.spec.model import Op


def call(found: Callable[..., Any], op: Op, batches: Sequence[Sequence[Any]], **config: Any) -> Any:
    """Return the result after all batches ``(y_true, y_pred[, sample_weight])``."""
    metric = found(**config)
    for batch in batches:
        metric.update_state(*batch)
    return metric.result()
