"""The definitions of the normalization layers."""

from __future__ import annotations

import numpy as np

from etalon.backends.numpy import Array
from etalon.spec.shape_functions import places

FUZZ = 1e-7
"""What Keras adds to a count that may be 0: its ``epsilon()``, as it comes."""


def batch_normalization(
    x: Array,
    gamma: Array | None,
    beta: Array | None,
    moving_mean: Array,
    moving_variance: Array,
    *,
    training: bool,
    mask: Array | None = None,
    axis: int = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> tuple[Array, Array, Array]:
    """Normalize each channel (Ioffe & Szegedy 2015); return y and the moving statistics.

    ``y = gamma * (x - mean) / sqrt(variance + epsilon) + beta``. In training, mean and biased
    variance are the batch's and ``moving = momentum * moving + (1 - momentum) * batch``; ``mask``
    says which numbers count for them, alike for all along the last axis.
    """
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = moments(x, axis, mask)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    y = normalized(
        x, mean, variance, gamma if scale else None, beta if center else None, axis, epsilon
    )
    return y, moving_mean, moving_variance


def batch_normalization_keras2(
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
    """Normalize each channel, as today; of n numbers the variance that moves on is larger.

    ``moving_variance`` is moved by the variance times ``n / (n - 1 - epsilon)``.
    """
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = moments(x, axis)
        count = x.size // x.shape[axis]
        larger = variance * (count / (count - (1 + epsilon)))
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * larger
    y = normalized(
        x, mean, variance, gamma if scale else None, beta if center else None, axis, epsilon
    )
    return y, moving_mean, moving_variance


def moments(x: Array, axis: int, mask: Array | None = None) -> tuple[Array, Array]:
    """Return mean and biased variance of each channel, of what ``mask`` keeps."""
    channels, others = np.moveaxis(x, axis, -1), tuple(range(x.ndim - 1))
    if mask is None:
        mean = np.mean(channels, axis=others)
        return mean, np.mean(np.square(channels - mean), axis=others)
    counted = np.moveaxis(np.broadcast_to(np.expand_dims(mask, -1), x.shape), axis, -1)
    count = np.sum(np.where(counted, np.ones_like(channels), 0.0), axis=others) + FUZZ
    mean = np.sum(np.where(counted, channels, 0.0), axis=others) / count
    deviations = np.where(counted, channels - mean, 0.0)
    return mean, np.sum(np.square(deviations), axis=others) / count


def normalized(
    x: Array,
    mean: Array,
    variance: Array,
    gamma: Array | None,
    beta: Array | None,
    axis: int,
    epsilon: float,
) -> Array:
    """Return ``gamma * (x - mean) / sqrt(variance + epsilon) + beta``, channel by channel."""
    y = (np.moveaxis(x, axis, -1) - mean) / np.sqrt(variance + epsilon)
    y = y if gamma is None else gamma * y
    y = y if beta is None else y + beta
    return np.moveaxis(y, -1, axis)


def layer_normalization(
    x: Array,
    gamma: Array | None = None,
    beta: Array | None = None,
    *,
    axis: int | tuple[int, ...] = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> Array:
    """Normalize each example along one axis or several (Ba, Kiros & Hinton 2016).

    ``y = gamma * (x - mean) / sqrt(variance + epsilon) + beta``, the variance biased; gamma and
    beta have the lengths of x along ``axis``.
    """
    axes = places(axis, x.ndim)
    y = standardized(x, axes, epsilon)
    y = y if gamma is None or not scale else y * spread(gamma, axes, x.ndim)
    return y if beta is None or not center else y + spread(beta, axes, x.ndim)


def rms_normalization(
    x: Array, scale: Array, *, axis: int | tuple[int, ...] = -1, epsilon: float = 1e-6
) -> Array:
    """``scale * x / sqrt(mean(x²) + epsilon)``, the mean along ``axis`` (Zhang & Sennrich 2019).

    The reciprocal of the root is a number of its own, as Keras has it: ``rsqrt``.
    """
    axes = places(axis, x.ndim)
    root = np.sqrt(np.mean(np.square(x), axis=axes, keepdims=True) + epsilon)
    return x * (1 / root) * spread(scale, axes, x.ndim)


def group_normalization(
    x: Array,
    gamma: Array | None = None,
    beta: Array | None = None,
    *,
    groups: int = 32,
    axis: int = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> Array:
    """Normalize each group of channels of each example (Wu & He 2018).

    The channels, along ``axis``, are cut into groups of neighbours; ``groups=-1`` makes each a
    group of its own.
    """
    channels = np.moveaxis(x, axis, -1)
    count = channels.shape[-1]
    groups = count if groups == -1 else groups
    grouped = np.reshape(channels, (*channels.shape[:-1], groups, count // groups))
    others = (*range(1, x.ndim - 1), x.ndim)
    y = np.reshape(standardized(grouped, others, epsilon), channels.shape)
    y = y if gamma is None or not scale else y * gamma
    y = y if beta is None or not center else y + beta
    return np.moveaxis(y, -1, axis)


def standardized(x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    """Return ``(x - mean) / sqrt(variance + epsilon)``, mean and variance along ``axes``."""
    deviations = x - np.mean(x, axis=axes, keepdims=True)
    variance = np.mean(np.square(deviations), axis=axes, keepdims=True)
    return deviations / np.sqrt(variance + epsilon)


def spread(weight: Array, axes: tuple[int, ...], ndim: int) -> Array:
    """Return a weight along ``axes``, ready to be broadcast over the others of ``ndim`` axes."""
    lengths = iter(weight.shape)
    return np.reshape(weight, [next(lengths) if i in axes else 1 for i in range(ndim)])
