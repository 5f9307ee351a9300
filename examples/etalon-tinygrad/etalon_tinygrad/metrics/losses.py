"""Metrics that are means of losses, their state fed batch by batch."""

from __future__ import annotations

from tinygrad import Tensor

from etalon_tinygrad.losses import regression
from etalon_tinygrad.metrics.accuracy import Batches, weighted_mean


def mean_squared_error(batches: Batches) -> Tensor:
    """composed: regression.mean_squared_error"""
    return weighted_mean(regression.mean_squared_error, batches)


def mean_absolute_error(batches: Batches) -> Tensor:
    """composed: regression.mean_absolute_error"""
    return weighted_mean(regression.mean_absolute_error, batches)
