"""Group normalization over channels along the last axis: functions of JAX, Flax and Equinox."""

import equinox
import jax
import jax.numpy as jnp
from flax import linen, nnx


def _normalized(x, groups, epsilon, correction=0, outside=False):
    axes = (*range(1, x.ndim - 1), x.ndim)
    parts = x.reshape(*x.shape[:-1], groups, x.shape[-1] // groups)
    mean = parts.mean(axes, keepdims=True)
    variance = parts.var(axes, keepdims=True, correction=correction)
    scale = jnp.sqrt(variance) + epsilon if outside else jnp.sqrt(variance + epsilon)
    return ((parts - mean) / scale).reshape(x.shape)


def group_norm(x, gamma, beta, *, groups, epsilon):
    """Right."""
    return _normalized(x, groups, epsilon) * gamma + beta


def epsilon_outside(x, gamma, beta, *, groups, epsilon):
    """Wrong: epsilon is added to the deviation, not to the variance."""
    return _normalized(x, groups, epsilon, outside=True) * gamma + beta


def unbiased(x, gamma, beta, *, groups, epsilon):
    """Wrong: the variance is divided by one less than the count."""
    return _normalized(x, groups, epsilon, correction=1) * gamma + beta


def offset_first(x, gamma, beta, *, groups, epsilon):
    """Wrong: the offset is scaled, too."""
    return (_normalized(x, groups, epsilon) + beta) * gamma


class LinenNorm(linen.Module):
    """Right."""

    groups: int
    epsilon: float = 1e-5

    @linen.compact
    def __call__(self, x):
        gamma = self.param("gamma", jax.nn.initializers.ones, x.shape[-1:])
        beta = self.param("beta", jax.nn.initializers.zeros, x.shape[-1:])
        return _normalized(x, self.groups, self.epsilon) * gamma + beta


class NnxNorm(nnx.Module):
    """Right."""

    def __init__(self, groups, features, epsilon=1e-5, *, rngs):
        self.groups, self.epsilon = groups, epsilon
        self.scale = nnx.Param(jnp.ones(features))
        self.bias = nnx.Param(jnp.zeros(features))

    def __call__(self, x):
        return _normalized(x, self.groups, self.epsilon) * self.scale[...] + self.bias[...]


class EquinoxNorm(equinox.Module):
    """Right; it takes one example."""

    weight: jax.Array
    bias: jax.Array
    groups: int = equinox.field(static=True)
    epsilon: float = equinox.field(static=True)

    def __init__(self, groups, features, epsilon=1e-5):
        self.weight, self.bias = jnp.ones(features), jnp.zeros(features)
        self.groups, self.epsilon = groups, epsilon

    def __call__(self, x):
        return _normalized(x[None], self.groups, self.epsilon)[0] * self.weight + self.bias
