"""How the framework under Keras differentiates: JAX."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax


def gradients(
    function: Callable[..., tuple[jax.Array, ...]],
    tensors: Sequence[jax.Array],
    cotangents: Sequence[jax.Array],
) -> list[jax.Array]:
    """Return one gradient for each tensor, as ``etalon.backends.keras.gradients`` says."""
    _, pull = jax.vjp(function, *tensors)
    return list(pull(tuple(cotangents)))
