"""Calls a loss of Keras, with its weights and its reduction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from etalon.spec.model import Op


class Masked(keras.layers.Layer):  # type: ignore[misc]
    """Passes a tensor on, and a mask with it."""

    def __init__(self, mask: Any) -> None:
        super().__init__(dtype=keras.config.floatx())
        self.mask = mask
        self.supports_masking = True

    def call(self, x: Any) -> Any:
        """Return a copy: a mask is an attribute, which the given tensor would keep."""
        return keras.ops.copy(x)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask that the results have."""
        return self.mask


def call(
    found: Callable[..., Any],
    op: Op,
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    mask: Any = None,
    reduction: str = "none",
    **config: Any,
) -> Any:
    """Return the losses of the examples, or what the reduction makes of them.

    A mask reaches the loss as in a model: with the predictions of a layer that has one.
    """
    if mask is not None:
        y_pred = Masked(mask)(y_pred)
    return found(reduction=reduction, **config)(y_true, y_pred, sample_weight=sample_weight)
