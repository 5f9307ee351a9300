"""PyTorch's recurrent layers: weights ``(gates * units, features)``, and two biases each.

Its modules know no masks and no other activations; what they don't know is composed step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from etalon.backends.torch.layers.core import activate

Weights = tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]
"""A kernel, a recurrent kernel and a bias, as Keras has them."""
States = Sequence[torch.Tensor]
Step = Callable[[torch.Tensor, States], States]
GATED = ("tanh", "sigmoid")
"""The activations of the modules with gates."""


def simple_rnn(
    x: torch.Tensor,
    kernel: torch.Tensor,
    recurrent_kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """native: torch.nn.RNN

    Composed of torch.matmul where there is a mask, or the activation is linear.
    """
    weights = (kernel, recurrent_kernel, bias)
    if mask is None and activation in ("tanh", "relu"):
        x = torch.flip(x, [1]) if go_backwards else x
        y = native(torch.nn.RNN, x, [weights], nonlinearity=activation)
    else:
        step = simple_step(weights, activation)
        y = composed(step, x, initial(x, kernel, 1), mask, go_backwards)
    return y if return_sequences else y[:, -1]


def lstm(
    x: torch.Tensor,
    kernel: torch.Tensor,
    recurrent_kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """native: torch.nn.LSTM

    Composed of torch.matmul where there is a mask, or another activation.
    """
    weights, activations = (kernel, recurrent_kernel, bias), (activation, recurrent_activation)
    if mask is None and activations == GATED:
        x = torch.flip(x, [1]) if go_backwards else x
        y = native(torch.nn.LSTM, x, [weights])
    else:
        step = lstm_step(weights, *activations)
        y = composed(step, x, initial(x, kernel, 4) * 2, mask, go_backwards)
    return y if return_sequences else y[:, -1]


def gru(
    x: torch.Tensor,
    kernel: torch.Tensor,
    recurrent_kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    units: int | None = None,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    return_sequences: bool = False,
    go_backwards: bool = False,
    reset_after: bool = True,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """native: torch.nn.GRU

    Its gates come in another order, and it resets after the product. Composed of torch.matmul
    where the reset comes before, there is a mask, or another activation.
    """
    weights, activations = (kernel, recurrent_kernel, bias), (activation, recurrent_activation)
    if mask is None and reset_after and activations == GATED:
        x = torch.flip(x, [1]) if go_backwards else x
        y = native(torch.nn.GRU, x, [weights])
    else:
        step = gru_step(weights, *activations, reset_after=reset_after)
        y = composed(step, x, initial(x, kernel, 3), mask, go_backwards)
    return y if return_sequences else y[:, -1]


def native(
    module: type[torch.nn.RNNBase], x: torch.Tensor, directions: Sequence[Weights], **options: Any
) -> torch.Tensor:
    """Return all outputs of one of PyTorch's modules, called with these weights."""
    kernel, recurrent_kernel, bias = directions[0]
    built = module(
        kernel.shape[0],
        recurrent_kernel.shape[1] // GATES[module],
        bias=bias is not None,
        batch_first=True,
        bidirectional=len(directions) == 2,
        device=x.device,
        dtype=x.dtype,
        **options,
    )
    weights: dict[str, torch.Tensor] = {}
    for suffix, own in zip(("", "_reverse"), directions, strict=False):
        arranged = reset_first(own) if module is torch.nn.GRU else own
        weights |= {f"{name}_l0{suffix}": weight for name, weight in named(*arranged).items()}
    y: torch.Tensor
    y, _ = torch.func.functional_call(built, weights, (x,), strict=True)
    return y


GATES = {torch.nn.RNN: 1, torch.nn.LSTM: 4, torch.nn.GRU: 3}


def named(
    kernel: torch.Tensor, recurrent_kernel: torch.Tensor, bias: torch.Tensor | None
) -> dict[str, torch.Tensor]:
    """Return weights in PyTorch's layout; a single bias is that of the inputs."""
    found = {"weight_ih": kernel.T, "weight_hh": recurrent_kernel.T}
    if bias is None:
        return found
    rows = bias if bias.ndim == 2 else (bias, torch.zeros_like(bias))
    return {**found, "bias_ih": rows[0], "bias_hh": rows[1]}


def reset_first(weights: Weights) -> Weights:
    """Return the weights of a GRU in PyTorch's order: reset, update, new."""

    def arranged(weight: torch.Tensor) -> torch.Tensor:
        update, reset, new = torch.chunk(weight, 3, dim=-1)
        return torch.cat([reset, update, new], dim=-1)

    kernel, recurrent_kernel, bias = weights
    return arranged(kernel), arranged(recurrent_kernel), None if bias is None else arranged(bias)


def simple_step(weights: Weights, activation: str | None) -> Step:
    """Return one step of a recurrent layer without gates."""
    kernel, recurrent_kernel, bias = weights

    def step(now: torch.Tensor, states: States) -> States:
        summed = with_bias(now @ kernel + states[0] @ recurrent_kernel, bias)
        return [activate(summed, activation)]

    return step


def lstm_step(weights: Weights, activation: str | None, recurrent_activation: str | None) -> Step:
    """Return one step of an LSTM."""
    kernel, recurrent_kernel, bias = weights

    def step(now: torch.Tensor, states: States) -> States:
        h, c = states
        summed = with_bias(now @ kernel + h @ recurrent_kernel, bias)
        i, f, g, o = torch.chunk(summed, 4, dim=-1)
        i, f, o = (activate(gate, recurrent_activation) for gate in (i, f, o))
        c = f * c + i * activate(g, activation)
        return [o * activate(c, activation), c]

    return step


def gru_step(
    weights: Weights,
    activation: str | None,
    recurrent_activation: str | None,
    *,
    reset_after: bool,
) -> Step:
    """Return one step of a GRU, which resets after the recurrent product, or before."""
    kernel, recurrent_kernel, bias = weights
    rows = (None, None) if bias is None else bias if reset_after else (bias, None)
    *gated, new = torch.chunk(recurrent_kernel, 3, dim=-1)

    def step(now: torch.Tensor, states: States) -> States:
        (h,) = states
        entering = torch.chunk(with_bias(now @ kernel, rows[0]), 3, dim=-1)
        if reset_after:
            *seen, last = torch.chunk(with_bias(h @ recurrent_kernel, rows[1]), 3, dim=-1)
        else:
            seen = [h @ gate for gate in gated]
        z, r = (
            activate(a + b, recurrent_activation) for a, b in zip(entering[:2], seen, strict=True)
        )
        candidate = r * last if reset_after else (r * h) @ new
        return [z * h + (1 - z) * activate(entering[2] + candidate, activation)]

    return step


def composed(
    step: Step, x: torch.Tensor, states: States, mask: torch.Tensor | None, go_backwards: bool
) -> torch.Tensor:
    """Return the outputs of all steps, one after the other; a masked one keeps the states."""
    if go_backwards:
        x, mask = torch.flip(x, [1]), None if mask is None else torch.flip(mask, [1])
    kept = [None] * x.shape[1] if mask is None else torch.unbind(mask[..., None], 1)
    outputs = []
    for now, chosen in zip(torch.unbind(x, 1), kept, strict=True):
        new = step(now, states)
        if chosen is not None:
            pairs = zip(new, states, strict=True)
            new = [torch.where(chosen, one, other) for one, other in pairs]
        states = new
        outputs.append(states[0])
    return torch.stack(outputs, 1)


def with_bias(y: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """Add a bias, where there is one."""
    return y if bias is None else y + bias


def initial(x: torch.Tensor, kernel: torch.Tensor, gates: int) -> list[torch.Tensor]:
    """Return the state before the first step, of a kernel with so many gates."""
    return [x.new_zeros(x.shape[0], kernel.shape[1] // gates)]
