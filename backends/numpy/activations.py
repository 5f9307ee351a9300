"""The definitions of the activations."""

from __future__ import annotations

import math

import numpy as np

from etalon.backends.numpy import Array, confined, fixed, with_slope
from etalon.backends.numpy.special import normal_distribution


def linear(x: Array) -> Array:
    """``y = x``."""
    return x


def relu(
    x: Array,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Array:
    """Rectified linear unit, as the documentation of Keras's ``ReLU`` states it.

    ``max_value`` where ``x >= max_value``; ``x`` where ``threshold <= x < max_value``;
    ``negative_slope * (x - threshold)`` elsewhere, which is 0 without a slope.
    """
    damped = negative_slope * (x - threshold) if negative_slope else 0.0
    y = np.where(x < threshold, damped, x)
    return y if max_value is None else np.minimum(y, max_value)


def softmax(x: Array, *, axis: int | tuple[int, ...] = -1) -> Array:
    """``exp(x - max(x)) / sum(exp(x - max(x)))`` along ``axis``."""
    exponentials = np.exp(x - fixed(np.max(x, axis=axis, keepdims=True)))
    return exponentials / np.sum(exponentials, axis=axis, keepdims=True)


def log_softmax(x: Array, *, axis: int = -1) -> Array:
    """``x - max(x) - log(sum(exp(x - max(x))))`` along ``axis``."""
    shifted = x - fixed(np.max(x, axis=axis, keepdims=True))
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def elu(x: Array, *, alpha: float = 1.0) -> Array:
    """``x`` where ``x > 0``, ``alpha * (exp(x) - 1)`` elsewhere (Clevert et al. 2016).

    The derivative of the latter is ``alpha * exp(x)``.
    """
    return np.where(x > 0, x, alpha * np.expm1(x))


def selu(x: Array) -> Array:
    """``scale * elu(x, alpha)`` with the fixed point of Klambauer et al. 2017."""
    return 1.0507009873554804934193349852946 * elu(x, alpha=1.6732632423543772848170429916717)


def exponential(x: Array) -> Array:
    """``exp(x)``."""
    return np.exp(x)


def tanh(x: Array) -> Array:
    """``(exp(x) - exp(-x)) / (exp(x) + exp(-x))``; the derivative is ``1 / cosh(x) ** 2``."""
    return np.tanh(x)


def sigmoid(x: Array) -> Array:
    """``1 / (1 + exp(-x))``; below 0 ``exp(x) / (1 + exp(x))``, which does not overflow.

    The derivative is ``y * (1 - y)``, of which ``1 - y`` is ``exp(-x) / (1 + exp(-x))``: a
    difference of two numbers, of which y may round to the other, is not taken.
    """
    number = fixed(x)
    falling = np.exp(-np.abs(number))
    y = confined(np.where(number < 0, falling, 1.0) / (1 + falling), 0, 1)
    return with_slope(y, x, confined(falling / np.square(1 + falling), 0, 0.25))


def hard_sigmoid(x: Array) -> Array:
    """``min(max(x + 3, 0), 6) / 6``."""
    return relu6(x + 3) / 6


def hard_sigmoid_keras2(x: Array) -> Array:
    """``min(max(0.2 * x + 0.5, 0), 1)``."""
    return np.minimum(np.maximum(0.2 * x + 0.5, 0.0), 1.0)


def relu6(x: Array) -> Array:
    """``min(max(x, 0), 6)``."""
    return np.minimum(np.maximum(x, 0.0), 6.0)


def hard_tanh(x: Array) -> Array:
    """``min(max(x, -1), 1)``."""
    return np.minimum(np.maximum(x, -1.0), 1.0)


def leaky_relu(x: Array, *, negative_slope: float = 0.2) -> Array:
    """``x`` where ``x >= 0``, ``negative_slope * x`` elsewhere."""
    return np.where(x < 0, negative_slope * x, x)


def softplus(x: Array) -> Array:
    """``log(exp(x) + 1)``."""
    return np.logaddexp(x, 0.0)


def softsign(x: Array) -> Array:
    """``x / (1 + |x|)``.

    The derivative is ``1 / (1 + |x|) ** 2``, since ``(1 + |x|) - x * sign(x)`` is 1.
    """
    number = fixed(x)
    share = confined(1 / (1 + np.abs(number)), 0, 1)
    return with_slope(confined(number / (1 + np.abs(number)), -1, 1), x, np.square(share))


def silu(x: Array) -> Array:
    """``x * sigmoid(x)`` (Ramachandran et al. 2017)."""
    return x * sigmoid(x)


def mish(x: Array) -> Array:
    """``x * tanh(softplus(x))`` (Misra 2019)."""
    return x * np.tanh(softplus(x))


def gelu(x: Array, *, approximate: bool = False) -> Array:
    """``x`` times the normal distribution function of ``x`` (Hendrycks & Gimpel 2016).

    That is ``x / 2 * (1 + erf(x / √2))``; ``normal_distribution`` says how. If approximate, it is
    ``x / 2 * (1 + tanh(z))``, of which ``(1 + tanh(z)) / 2`` is the sigmoid of ``2 * z``: multiply
    numerator and denominator of tanh by ``exp(z)``. Where x is negative, the sums cancel.
    """
    if approximate:
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x))
        return x * sigmoid(2 * inner)
    return x * normal_distribution(x)
