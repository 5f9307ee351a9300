"""The definitions of the recurrent layers: a loop over the steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from etalon.backends.numpy import Array, special
from etalon.backends.numpy.layers.core import activate

States = Sequence[Array]
Step = Callable[[Array, States], States]


def simple_rnn(
    x: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: Array | None = None,
) -> Array:
    """``h = activation(x @ kernel + h @ recurrent_kernel + bias)``, step by step.

    x is ``(batch, time, features)``, y ``(batch, units)``, or ``(batch, time, units)``.
    """
    biases = [bias] if use_bias and bias is not None else []

    def step(now: Array, states: States) -> States:
        (h,) = states
        return [activate(weighted(now, kernel, h, recurrent_kernel, biases), activation)]

    start = [initial(x, recurrent_kernel)]
    return outputs(steps(step, x, start, mask, go_backwards), return_sequences)


def lstm(
    x: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: Array | None = None,
) -> Array:
    """``c = forget * c + enter * activation(new)``, ``h = leave * activation(c)``.

    The weights have the columns of the gates side by side: enter, forget, new, leave.
    """
    biases = [bias] if use_bias and bias is not None else []

    def step(now: Array, states: States) -> States:
        h, c = states
        enter, forget, new, leave = gates(weighted(now, kernel, h, recurrent_kernel, biases), 4)
        kept = activate(forget, recurrent_activation) * c
        c = kept + activate(enter, recurrent_activation) * activate(new, activation)
        return [activate(leave, recurrent_activation) * activate(c, activation), c]

    start = [initial(x, recurrent_kernel)] * 2
    return outputs(steps(step, x, start, mask, go_backwards), return_sequences)


def gru(
    x: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    reset_after: bool = True,
    mask: Array | None = None,
) -> Array:
    """``h = update * h + (1 - update) * new``; ``reset`` says how much of h is seen by ``new``.

    The weights have the columns of the gates side by side: update, reset, new. Where the reset
    comes after the product with the recurrent kernel, that product has a bias of its own.
    """
    rows = bias if reset_after or bias is None else bias[None]
    biases = list(rows) if use_bias and rows is not None else []
    kernels, recurrents = gates(kernel, 3), gates(recurrent_kernel, 3)
    offsets = [[gates(row, 3)[gate] for row in biases] for gate in range(3)]

    def step(now: Array, states: States) -> States:
        (h,) = states
        update, reset = (
            activate(
                weighted(now, kernels[gate], h, recurrents[gate], offsets[gate]),
                recurrent_activation,
            )
            for gate in (0, 1)
        )
        if reset_after:
            seen = reset * affine(h, recurrents[2], offsets[2][1:])
            new = affine(now, kernels[2], offsets[2][:1]) + seen
        else:
            new = weighted(now, kernels[2], reset * h, recurrents[2], offsets[2])
        return [update * h + (1 - update) * activate(new, activation)]

    start = [initial(x, recurrent_kernel)]
    return outputs(steps(step, x, start, mask, go_backwards), return_sequences)


def steps(
    step: Step, x: Array, states: States, mask: Array | None, go_backwards: bool
) -> list[Array]:
    """Return the first of the states after each step, which is the output.

    Where the mask is false, an example keeps the states that it has.
    """
    times = range(x.shape[1])
    found = []
    for t in reversed(times) if go_backwards else times:
        new = step(x[:, t], states)
        if mask is not None:
            kept = mask[:, t, None]
            new = [np.where(kept, one, other) for one, other in zip(new, states, strict=True)]
        states = new
        found.append(states[0])
    return found


def outputs(found: Sequence[Array], return_sequences: bool) -> Array:
    """Return the outputs of all steps, time being axis 1, or that of the last."""
    return np.stack(found, axis=1) if return_sequences else found[-1]


def initial(x: Array, recurrent_kernel: Array) -> Array:
    """Return the state before the first step, ``(batch, units)``."""
    one = np.zeros_like(x[:, 0, :1])
    return one * np.zeros_like(recurrent_kernel[:, 0])


def gates(x: Array, count: int) -> list[Array]:
    """Return the parts of the last axis."""
    width = x.shape[-1] // count
    return [x[..., gate * width : (gate + 1) * width] for gate in range(count)]


def weighted(
    x: Array, kernel: Array, h: Array, recurrent_kernel: Array, biases: Sequence[Array]
) -> Array:
    """``x @ kernel + h @ recurrent_kernel + bias``, by :func:`special.affine`."""
    return special.affine([x, h], [kernel, recurrent_kernel], [bias[None] for bias in biases])


def affine(x: Array, kernel: Array, biases: Sequence[Array]) -> Array:
    """``x @ kernel`` plus biases."""
    return special.affine([x], [kernel], [bias[None] for bias in biases])
