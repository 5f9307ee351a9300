"""Activations, of which the standard has the exponentials."""

from __future__ import annotations

from typing import Any

import array_api_strict as xp

Array = Any
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def linear(x: Array) -> Array:
    """native: xp.positive"""
    return xp.positive(x)


def relu(
    x: Array,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Array:
    """composed: xp.where, xp.minimum"""
    below = negative_slope * (x - threshold) if negative_slope else xp.zeros_like(x)
    y = xp.where(x < threshold, below, x)
    return y if max_value is None else xp.minimum(y, max_value)


def softmax(x: Array, *, axis: int | tuple[int, ...] = -1) -> Array:
    """composed: xp.max, xp.exp, xp.sum"""
    powers = xp.exp(x - xp.max(x, axis=axis, keepdims=True))
    return powers / xp.sum(powers, axis=axis, keepdims=True)


def log_softmax(x: Array, *, axis: int = -1) -> Array:
    """composed: xp.max, xp.exp, xp.sum, xp.log"""
    shifted = x - xp.max(x, axis=axis, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))


def elu(x: Array, *, alpha: float = 1.0) -> Array:
    """composed: xp.expm1, xp.where"""
    return xp.where(x > 0, x, alpha * xp.expm1(x))


def selu(x: Array) -> Array:
    """composed: xp.expm1, xp.where"""
    return SELU_SCALE * xp.where(x > 0, x, SELU_ALPHA * xp.expm1(x))


def exponential(x: Array) -> Array:
    """native: xp.exp"""
    return xp.exp(x)


def tanh(x: Array) -> Array:
    """native: xp.tanh"""
    return xp.tanh(x)


def sigmoid(x: Array) -> Array:
    """composed: xp.exp, xp.abs, xp.where"""
    falling = xp.exp(-xp.abs(x))
    return xp.where(x < 0, falling, 1.0) / (1 + falling)


def hard_sigmoid(x: Array) -> Array:
    """composed: xp.clip"""
    return xp.clip(x + 3, 0.0, 6.0) / 6


def hard_sigmoid_keras2(x: Array) -> Array:
    """composed: xp.clip"""
    return xp.clip(0.2 * x + 0.5, 0.0, 1.0)


def relu6(x: Array) -> Array:
    """native: xp.clip"""
    return xp.clip(x, 0.0, 6.0)


def hard_tanh(x: Array) -> Array:
    """native: xp.clip"""
    return xp.clip(x, -1.0, 1.0)


def leaky_relu(x: Array, *, negative_slope: float = 0.2) -> Array:
    """composed: xp.where"""
    return xp.where(x < 0, negative_slope * x, x)


def softplus(x: Array) -> Array:
    """native: xp.logaddexp"""
    return xp.logaddexp(x, 0.0)


def softsign(x: Array) -> Array:
    """composed: xp.abs"""
    return x / (1 + xp.abs(x))


def silu(x: Array) -> Array:
    """composed: sigmoid"""
    return x * sigmoid(x)


def mish(x: Array) -> Array:
    """composed: xp.logaddexp, xp.tanh"""
    return x * xp.tanh(xp.logaddexp(x, 0.0))
