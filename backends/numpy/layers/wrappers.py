"""The definitions of the layers that wrap another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers import recurrent
from etalon.backends.numpy.layers.convolution import conv2d
from etalon.backends.numpy.layers.core import dense

APPLIED: dict[str, Callable[..., Any]] = {"dense": dense, "conv2d": conv2d}
"""What is done in every step."""


def bidirectional(
    x: Array,
    forward_kernel: Array,
    forward_recurrent_kernel: Array,
    forward_bias: Array | None,
    backward_kernel: Array,
    backward_recurrent_kernel: Array,
    backward_bias: Array | None = None,
    *,
    layer: str,
    units: int | None = None,
    merge_mode: str = "concat",
    use_bias: bool = True,
    return_sequences: bool = False,
    mask: Array | None = None,
) -> Array:
    """Both directions of a recurrent layer, merged number by number or side by side.

    Of the outputs of all steps those are 0 where the mask is false.
    """

    def run(*weights: Any, backwards: bool) -> Array:
        y = getattr(recurrent, layer)(
            x,
            *weights,
            use_bias=use_bias,
            return_sequences=return_sequences,
            go_backwards=backwards,
            mask=mask,
        )
        if not return_sequences:
            return y
        in_time = y[:, ::-1] if backwards else y
        return in_time if mask is None else np.where(mask[..., None], in_time, 0.0)

    forward = run(forward_kernel, forward_recurrent_kernel, forward_bias, backwards=False)
    backward = run(backward_kernel, backward_recurrent_kernel, backward_bias, backwards=True)
    match merge_mode:
        case "sum":
            return forward + backward
        case "mul":
            return forward * backward
        case "ave":
            return (forward + backward) / 2
    return np.concatenate([forward, backward], axis=-1)


def time_distributed(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    *,
    layer: str,
    units: int | None = None,
    filters: int | None = None,
    kernel_size: tuple[int, ...] | None = None,
    use_bias: bool = True,
    activation: str | None = None,
) -> Array:
    """A layer, applied to every step ``x[:, t]`` with the same weights."""
    options: dict[str, Any] = {"use_bias": use_bias, "activation": activation}
    return np.stack(
        [APPLIED[layer](x[:, t], kernel, bias, **options) for t in range(x.shape[1])], axis=1
    )
