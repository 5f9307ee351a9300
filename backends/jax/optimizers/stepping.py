"""Steps one of Optax's optimizers through given gradients."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax


def path(optimizer: Any, variable: jax.Array, gradients: jax.Array) -> jax.Array:
    """Return the values of the variable before and after each step: ``(steps + 1, *shape)``."""
    values, state = [variable], optimizer.init(variable)
    for gradient in gradients:
        updates, state = optimizer.update(gradient, state, values[-1])
        values.append(optax.apply_updates(values[-1], updates))
    return jnp.stack(values)
