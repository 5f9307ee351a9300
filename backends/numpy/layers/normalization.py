"""The definitions of the normalization layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array


def batch_normalization(
    x: Array,
    gamma: Array | None,
    beta: Array | None,
    moving_mean: Array,
    moving_variance: Array,
    *,
    training: bool,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[Array, Array, Array]:
    """Normalize each channel (Ioffe & Szegedy 2015); return y and the moving statistics.

    ``y = gamma * (x - mean) / sqrt(variance + epsilon) + beta``. In training, mean and biased
    variance are the batch's and ``moving = momentum * moving + (1 - momentum) * batch``.
    """
    channels = np.moveaxis(x, axis, -1)
    mean, variance = moving_mean, moving_variance
    if training:
        others = tuple(range(x.ndim - 1))
        mean = np.mean(channels, axis=others)
        variance = np.mean(np.square(channels - mean), axis=others)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    y = (channels - mean) / np.sqrt(variance + epsilon)
    if scale and gamma is not None:
        y = gamma * y
    if center and beta is not None:
        y = y + beta
    return np.moveaxis(y, -1, axis), moving_mean, moving_variance
