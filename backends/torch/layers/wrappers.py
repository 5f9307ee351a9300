"""PyTorch's recurrent modules run in both directions; what else wraps a layer is composed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from etalon.backends.torch.layers import recurrent
from etalon.backends.torch.layers.convolution import conv2d
from etalon.backends.torch.layers.core import dense

MERGE: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "concat": lambda one, other: torch.cat([one, other], dim=-1),
    "sum": torch.add,
    "mul": torch.mul,
    "ave": lambda one, other: (one + other) / 2,
}
APPLIED: dict[str, Callable[..., Any]] = {"dense": dense, "conv2d": conv2d}
"""What is done in every step."""


def bidirectional(
    x: torch.Tensor,
    forward_kernel: torch.Tensor,
    forward_recurrent_kernel: torch.Tensor,
    forward_bias: torch.Tensor | None,
    backward_kernel: torch.Tensor,
    backward_recurrent_kernel: torch.Tensor,
    backward_bias: torch.Tensor | None = None,
    *,
    layer: str,
    units: int | None = None,
    merge_mode: str = "concat",
    use_bias: bool = True,
    return_sequences: bool = False,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """native: torch.nn.RNN, torch.nn.LSTM, torch.nn.GRU

    They are told to be bidirectional, and concatenate. Composed step by step where there is a mask.
    """
    merge = MERGE[merge_mode]
    modules = {"simple_rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    forward = (forward_kernel, forward_recurrent_kernel, forward_bias)
    backward = (backward_kernel, backward_recurrent_kernel, backward_bias)
    if mask is None:
        y = recurrent.native(modules[layer], x, [forward, backward])
        one, other = torch.chunk(y, 2, dim=-1)
        return merge(one, other) if return_sequences else merge(one[:, -1], other[:, 0])
    run, options = getattr(recurrent, layer), {"return_sequences": return_sequences, "mask": mask}
    one, other = run(x, *forward, **options), run(x, *backward, go_backwards=True, **options)
    if return_sequences:
        one, other = (torch.where(mask[..., None], y, 0) for y in (one, torch.flip(other, [1])))
    return merge(one, other)


def time_distributed(
    x: torch.Tensor,
    kernel: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    layer: str,
    units: int | None = None,
    filters: int | None = None,
    kernel_size: tuple[int, ...] | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> torch.Tensor:
    """composed: torch.flatten, torch.unflatten

    All steps of all examples are one batch of the layer.
    """
    y = APPLIED[layer](
        torch.flatten(x, 0, 1), kernel, bias, use_bias=use_bias, activation=activation
    )
    return torch.unflatten(y, 0, x.shape[:2])
