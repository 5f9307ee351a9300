"""The definitions of the regularization layers."""

from __future__ import annotations

import math

import numpy as np

from etalon.backends.numpy import Array, regularizers

SELU_END = -1.7580993408473766
"""What selu tends to for large negative numbers."""


def activity_regularization(x: Array, *, l1: float = 0.0, l2: float = 0.0) -> tuple[Array, Array]:
    """The input itself, and what is added to the loss: the mean penalty of the examples."""
    return x, regularizers.l1_l2(x, l1=l1, l2=l2, role="activity")


def activity_regularization_keras2(
    x: Array, *, l1: float = 0.0, l2: float = 0.0
) -> tuple[Array, Array]:
    """The input itself, and what is added to the loss: the sum of the examples' penalties."""
    return x, regularizers.l1_l2_keras2(x, l1=l1, l2=l2)


def dropout(x: Array, *, rate: float, training: bool = False, seed: int = 0) -> Array:
    """``x * kept / (1 - rate)`` in training, each element kept with probability ``1 - rate``."""
    if not training:
        return x
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    return np.where(kept, x / (1 - rate), np.zeros_like(x))


def spatial_dropout1d(x: Array, *, rate: float, training: bool = False, seed: int = 0) -> Array:
    """Dropout of whole channels of an example: the same all along the steps of one."""
    return dropout_of_maps(x, rate, training, "channels_last", seed)


def spatial_dropout2d(
    x: Array,
    *,
    rate: float,
    training: bool = False,
    data_format: str = "channels_last",
    seed: int = 0,
) -> Array:
    """Dropout of whole channels of an example: the same all over the picture of one."""
    return dropout_of_maps(x, rate, training, data_format, seed)


def spatial_dropout3d(
    x: Array,
    *,
    rate: float,
    training: bool = False,
    data_format: str = "channels_last",
    seed: int = 0,
) -> Array:
    """Dropout of whole channels of an example: the same all over the volume of one."""
    return dropout_of_maps(x, rate, training, data_format, seed)


def dropout_of_maps(x: Array, rate: float, training: bool, data_format: str, seed: int) -> Array:
    """``x * kept / (1 - rate)`` in training, each channel of each example kept or not."""
    if not training:
        return x
    channel = 1 if data_format == "channels_first" else x.ndim - 1
    maps = [n if axis in (0, channel) else 1 for axis, n in enumerate(x.shape)]
    kept = np.random.default_rng(seed).random(maps) >= rate
    return np.where(kept, x / (1 - rate), np.zeros_like(x))


def gaussian_noise(x: Array, *, stddev: float, training: bool = False, seed: int = 0) -> Array:
    """``x + n`` in training, n normal with mean 0 and this standard deviation."""
    if not training:
        return x
    return x + (stddev * np.random.default_rng(seed).standard_normal(x.shape)).astype(x.dtype)


def gaussian_dropout(x: Array, *, rate: float, training: bool = False, seed: int = 0) -> Array:
    """``x * n`` in training, n normal with mean 1 and variance ``rate / (1 - rate)``."""
    if not training:
        return x
    noise = np.random.default_rng(seed).standard_normal(x.shape)
    return x * (1 + math.sqrt(rate / (1 - rate)) * noise).astype(x.dtype)


def alpha_dropout(x: Array, *, rate: float, training: bool = False, seed: int = 0) -> Array:
    """Dropout that keeps mean and variance of what selu returns (Klambauer et al. 2017).

    In training ``a * x + b``, with probability ``rate`` of ``SELU_END`` in place of x.
    """
    if not training:
        return x
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    a = 1 / math.sqrt((1 - rate) * (1 + rate * SELU_END**2))
    return a * np.where(kept, x, np.full_like(x, SELU_END)) - a * SELU_END * rate
