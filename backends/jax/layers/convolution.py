"""JAX's convolutions."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from etalon.backends.jax.layers.core import activate


def conv2d(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: int | Sequence[int] | None = None,
    strides: int | Sequence[int] = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: int | Sequence[int] = (1, 1),
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_general_dilated"""
    last = data_format == "channels_last"
    layout = "NHWC" if last else "NCHW"
    y = jax.lax.conv_general_dilated(
        x,
        kernel,
        _pair(strides),
        padding.upper(),
        rhs_dilation=_pair(dilation_rate),
        dimension_numbers=(layout, "HWIO", layout),
        feature_group_count=groups,
    )
    if use_bias and bias is not None:
        y = jnp.add(y, bias if last else bias[:, None, None])
    return activate(y, activation)


def _pair(value: int | Sequence[int]) -> Sequence[int]:
    return (value, value) if isinstance(value, int) else value
