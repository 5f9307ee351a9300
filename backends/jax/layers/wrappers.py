"""JAX has no layers; those that wrap others are composed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from etalon.backends.jax.layers import recurrent
from etalon.backends.jax.layers.convolution import conv2d
from etalon.backends.jax.layers.core import dense

MERGE: dict[str, Callable[[jax.Array, jax.Array], jax.Array]] = {
    "concat": lambda one, other: jnp.concatenate([one, other], axis=-1),
    "sum": jnp.add,
    "mul": jnp.multiply,
    "ave": lambda one, other: (one + other) / 2,
}
APPLIED: dict[str, Callable[..., Any]] = {"dense": dense, "conv2d": conv2d}
"""What is done in every step."""


def bidirectional(
    x: jax.Array,
    forward_kernel: jax.Array,
    forward_recurrent_kernel: jax.Array,
    forward_bias: jax.Array | None,
    backward_kernel: jax.Array,
    backward_recurrent_kernel: jax.Array,
    backward_bias: jax.Array | None = None,
    *,
    layer: str,
    units: int | None = None,
    merge_mode: str = "concat",
    use_bias: bool = True,
    return_sequences: bool = False,
    mask: jax.Array | None = None,
) -> jax.Array:
    """composed: jnp.flip, jnp.where

    Of the layer in each direction, and jnp.concatenate, jnp.add or jnp.multiply.
    """
    merge = MERGE[merge_mode]
    run, options = getattr(recurrent, layer), {"return_sequences": return_sequences, "mask": mask}
    forward = (forward_kernel, forward_recurrent_kernel, forward_bias)
    backward = (backward_kernel, backward_recurrent_kernel, backward_bias)
    one, other = run(x, *forward, **options), run(x, *backward, go_backwards=True, **options)
    if return_sequences:
        other = jnp.flip(other, 1)
        if mask is not None:
            one, other = (jnp.where(mask[..., None], y, 0) for y in (one, other))
    return merge(one, other)


def time_distributed(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    layer: str,
    units: int | None = None,
    filters: int | None = None,
    kernel_size: tuple[int, ...] | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """composed: jax.vmap"""
    each = partial(APPLIED[layer], use_bias=use_bias, activation=activation)
    y: jax.Array = jax.vmap(each, in_axes=(1, None, None), out_axes=1)(x, kernel, bias)
    return y
