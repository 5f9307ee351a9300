"""JAX's recurrent layers: composed, step by step, of its scan."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp

from etalon.backends.jax.layers.core import activate

States = tuple[jax.Array, ...]
Step = Callable[[States, jax.Array], States]


def simple_rnn(
    x: jax.Array,
    kernel: jax.Array,
    recurrent_kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: jax.Array | None = None,
) -> jax.Array:
    """composed: jax.lax.scan, jnp.matmul"""

    def step(states: States, now: jax.Array) -> States:
        summed = jnp.matmul(now, kernel) + jnp.matmul(states[0], recurrent_kernel)
        return (activate(summed if bias is None else summed + bias, activation),)

    steps, start = masked(step), (initial(x, kernel, 1),)
    _, y = jax.lax.scan(steps, start, in_time(x, mask), reverse=go_backwards)
    return ordered(y, return_sequences, go_backwards)


def lstm(
    x: jax.Array,
    kernel: jax.Array,
    recurrent_kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: jax.Array | None = None,
) -> jax.Array:
    """composed: jax.lax.scan, jnp.matmul, jnp.split"""

    def step(states: States, now: jax.Array) -> States:
        h, c = states
        summed = jnp.matmul(now, kernel) + jnp.matmul(h, recurrent_kernel)
        i, f, g, o = jnp.split(summed if bias is None else summed + bias, 4, axis=-1)
        i, f, o = (activate(gate, recurrent_activation) for gate in (i, f, o))
        c = f * c + i * activate(g, activation)
        return o * activate(c, activation), c

    steps, start = masked(step), (initial(x, kernel, 4),) * 2
    _, y = jax.lax.scan(steps, start, in_time(x, mask), reverse=go_backwards)
    return ordered(y, return_sequences, go_backwards)


def gru(
    x: jax.Array,
    kernel: jax.Array,
    recurrent_kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    reset_after: bool = True,
    mask: jax.Array | None = None,
) -> jax.Array:
    """composed: jax.lax.scan, jnp.matmul, jnp.split"""
    rows = (0, 0) if bias is None else bias if reset_after else (bias, 0)
    gated, last = jnp.split(recurrent_kernel, [2 * kernel.shape[1] // 3], axis=-1)

    def step(states: States, now: jax.Array) -> States:
        (h,) = states
        z, r, new = jnp.split(jnp.matmul(now, kernel) + rows[0], 3, axis=-1)
        if reset_after:
            seen = jnp.split(jnp.matmul(h, recurrent_kernel) + rows[1], 3, axis=-1)
        else:
            seen = jnp.split(jnp.matmul(h, gated), 2, axis=-1)
        z = activate(z + seen[0], recurrent_activation)
        r = activate(r + seen[1], recurrent_activation)
        new += r * seen[2] if reset_after else jnp.matmul(r * h, last)
        return (z * h + (1 - z) * activate(new, activation),)

    steps, start = masked(step), (initial(x, kernel, 3),)
    _, y = jax.lax.scan(steps, start, in_time(x, mask), reverse=go_backwards)
    return ordered(y, return_sequences, go_backwards)


def masked(
    step: Step,
) -> Callable[[States, tuple[jax.Array, jax.Array | None]], tuple[States, jax.Array]]:
    """Return a step that keeps the states where its mask, if there is one, is false."""

    def steps(states: States, seen: tuple[jax.Array, jax.Array | None]) -> tuple[States, jax.Array]:
        now, kept = seen
        new = step(states, now)
        if kept is not None:
            pairs = zip(new, states, strict=True)
            new = tuple(jnp.where(kept[:, None], one, other) for one, other in pairs)
        return new, new[0]

    return steps


def in_time(x: jax.Array, mask: jax.Array | None) -> tuple[jax.Array, jax.Array | None]:
    """Return an input and its mask with time as the first axis, along which a scan runs."""
    return jnp.swapaxes(x, 0, 1), None if mask is None else mask.T


def ordered(y: jax.Array, return_sequences: bool, go_backwards: bool) -> jax.Array:
    """Return the last output, or all in the order of computation; a scan has that of time."""
    y = jnp.flip(y, 0) if go_backwards else y
    return jnp.swapaxes(y, 0, 1) if return_sequences else y[-1]


def initial(x: jax.Array, kernel: jax.Array, gates: int) -> jax.Array:
    """Return the state before the first step, of a kernel with so many gates."""
    return jnp.zeros((x.shape[0], kernel.shape[1] // gates), x.dtype)
