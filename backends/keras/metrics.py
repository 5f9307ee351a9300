"""Feeds a metric of Keras batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras

from etalon.spec.model import Op


def call(found: Callable[..., Any], op: Op, batches: Sequence[Sequence[Any]], **config: Any) -> Any:
    """Return the result after all batches ``(y_true, y_pred[, sample_weight])``.

    A function that has no class of its own is wrapped in the one that Keras has for that. The
    metric was fed before, and reset: of that nothing may be left.
    """
    whole = isinstance(found, type)
    metric = found(**config) if whole else keras.metrics.MeanMetricWrapper(found, **config)
    metric.update_state(*batches[0])
    metric.reset_state()
    for batch in batches:
        metric.update_state(*batch)
    return metric.result()
