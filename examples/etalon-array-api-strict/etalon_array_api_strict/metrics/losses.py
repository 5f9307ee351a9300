"""Metrics that are means of losses."""

from __future__ import annotations

from typing import Any

from etalon_array_api_strict.losses import regression
from etalon_array_api_strict.metrics.accuracy import Batches, weighted_mean

Array = Any


def mean_squared_error(batches: Batches) -> Array:
    """composed: regression.mean_squared_error"""
    return weighted_mean(regression.mean_squared_error, batches)


def mean_absolute_error(batches: Batches) -> Array:
    """composed: regression.mean_absolute_error"""
    return weighted_mean(regression.mean_absolute_error, batches)
