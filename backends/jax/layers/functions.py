"""Functions as layers, in JAX."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def lambda_(x: jax.Array, *, function: str) -> jax.Array:
    """composed: jnp.square, jnp.negative, jnp.tanh, jnp.mean, jax.lax.rsqrt

    The antirectifier bounds the square of the norm from below, by the square of Keras's epsilon:
    the derivative of a root at zero is no number.
    """
    match function:
        case "square":
            return jnp.square(x)
        case "negative":
            return jnp.negative(x)
        case "scaled_tanh":
            return 1.7159 * jnp.tanh(2 / 3 * x)
        case "antirectifier":
            centred = x - jnp.mean(x, axis=1, keepdims=True)
            squares = jnp.sum(jnp.square(centred), axis=1, keepdims=True)
            unit = centred * jax.lax.rsqrt(jnp.maximum(squares, 1e-7**2))
            return jnp.concatenate([jax.nn.relu(unit), jax.nn.relu(-unit)], axis=1)
    raise ValueError(f"no function is called {function!r}")
