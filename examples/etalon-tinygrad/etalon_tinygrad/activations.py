"""tinygrad's activations."""

from __future__ import annotations

from tinygrad import Tensor

SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def linear(x: Tensor) -> Tensor:
    """composed: Tensor.contiguous"""
    return Tensor.contiguous(x)


def relu(
    x: Tensor,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> Tensor:
    """native: Tensor.relu, Tensor.leaky_relu

    They know no threshold and no maximum; Tensor.where and Tensor.clamp add these.
    """
    above = x - threshold if threshold else x
    y = Tensor.leaky_relu(above, negative_slope) if negative_slope else Tensor.relu(above)
    if threshold:
        y = (x < threshold).where(y, x)
    return y if max_value is None else Tensor.clamp(y, max_=max_value)


def softmax(x: Tensor, *, axis: int = -1) -> Tensor:
    """native: Tensor.softmax"""
    return Tensor.softmax(x, axis=axis)


def log_softmax(x: Tensor, *, axis: int = -1) -> Tensor:
    """native: Tensor.log_softmax"""
    return Tensor.log_softmax(x, axis=axis)


def elu(x: Tensor, *, alpha: float = 1.0) -> Tensor:
    """native: Tensor.elu"""
    return Tensor.elu(x, alpha)


def selu(x: Tensor) -> Tensor:
    """native: Tensor.selu

    Its own constants have six digits, so they are given.
    """
    return Tensor.selu(x, alpha=SELU_ALPHA, gamma=SELU_SCALE)


def exponential(x: Tensor) -> Tensor:
    """native: Tensor.exp"""
    return Tensor.exp(x)


def tanh(x: Tensor) -> Tensor:
    """native: Tensor.tanh"""
    return Tensor.tanh(x)


def sigmoid(x: Tensor) -> Tensor:
    """native: Tensor.sigmoid"""
    return Tensor.sigmoid(x)


def hard_sigmoid(x: Tensor) -> Tensor:
    """native: Tensor.hardsigmoid"""
    return Tensor.hardsigmoid(x)


def hard_tanh(x: Tensor) -> Tensor:
    """native: Tensor.hardtanh"""
    return Tensor.hardtanh(x)


def relu6(x: Tensor) -> Tensor:
    """native: Tensor.relu6"""
    return Tensor.relu6(x)


def leaky_relu(x: Tensor, *, negative_slope: float = 0.2) -> Tensor:
    """native: Tensor.leaky_relu"""
    return Tensor.leaky_relu(x, negative_slope)


def softplus(x: Tensor) -> Tensor:
    """native: Tensor.softplus"""
    return Tensor.softplus(x)


def softsign(x: Tensor) -> Tensor:
    """native: Tensor.softsign"""
    return Tensor.softsign(x)


def silu(x: Tensor) -> Tensor:
    """native: Tensor.silu"""
    return Tensor.silu(x)


def mish(x: Tensor) -> Tensor:
    """native: Tensor.mish"""
    return Tensor.mish(x)


def gelu(x: Tensor, *, approximate: bool = False) -> Tensor:
    """native: Tensor.gelu"""
    return Tensor.gelu(x, approximate="tanh" if approximate else "none")
