"""JAX's activations."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def linear(x: jax.Array) -> jax.Array:
    """native: jax.nn.identity"""
    return jax.nn.identity(x)


def relu(
    x: jax.Array,
    *,
    negative_slope: float = 0.0,
    max_value: float | None = None,
    threshold: float = 0.0,
) -> jax.Array:
    """native: jax.nn.relu, jax.nn.leaky_relu

    They know no threshold and no maximum; jnp.where and jnp.minimum add these.
    """
    above = x - threshold
    y = jax.nn.leaky_relu(above, negative_slope) if negative_slope else jax.nn.relu(above)
    if threshold:
        y = jnp.where(x < threshold, y, x)
    return y if max_value is None else jnp.minimum(y, max_value)


def softmax(x: jax.Array, *, axis: int = -1) -> jax.Array:
    """native: jax.nn.softmax"""
    return jax.nn.softmax(x, axis)


def elu(x: jax.Array, *, alpha: float = 1.0) -> jax.Array:
    """native: jax.nn.elu"""
    return jax.nn.elu(x, alpha)


def log_softmax(x: jax.Array, *, axis: int = -1) -> jax.Array:
    """native: jax.nn.log_softmax"""
    return jax.nn.log_softmax(x, axis)


def selu(x: jax.Array) -> jax.Array:
    """native: jax.nn.selu"""
    return jax.nn.selu(x)


def exponential(x: jax.Array) -> jax.Array:
    """native: jnp.exp"""
    return jnp.exp(x)


def tanh(x: jax.Array) -> jax.Array:
    """native: jnp.tanh"""
    return jnp.tanh(x)


def sigmoid(x: jax.Array) -> jax.Array:
    """native: jax.nn.sigmoid"""
    return jax.nn.sigmoid(x)


def hard_sigmoid(x: jax.Array) -> jax.Array:
    """native: jax.nn.hard_sigmoid"""
    return jax.nn.hard_sigmoid(x)


def hard_sigmoid_keras2(x: jax.Array) -> jax.Array:
    """composed: jnp.clip"""
    return jnp.clip(0.2 * x + 0.5, 0, 1)


def relu6(x: jax.Array) -> jax.Array:
    """native: jax.nn.relu6"""
    return jax.nn.relu6(x)


def hard_tanh(x: jax.Array) -> jax.Array:
    """native: jax.nn.hard_tanh"""
    return jax.nn.hard_tanh(x)


def leaky_relu(x: jax.Array, *, negative_slope: float = 0.2) -> jax.Array:
    """native: jax.nn.leaky_relu"""
    return jax.nn.leaky_relu(x, negative_slope)


def softplus(x: jax.Array) -> jax.Array:
    """native: jax.nn.softplus"""
    return jax.nn.softplus(x)


def softsign(x: jax.Array) -> jax.Array:
    """native: jax.nn.soft_sign"""
    return jax.nn.soft_sign(x)


def silu(x: jax.Array) -> jax.Array:
    """native: jax.nn.silu"""
    return jax.nn.silu(x)


def mish(x: jax.Array) -> jax.Array:
    """native: jax.nn.mish"""
    return jax.nn.mish(x)


def gelu(x: jax.Array, *, approximate: bool = False) -> jax.Array:
    """native: jax.nn.gelu"""
    return jax.nn.gelu(x, approximate)
