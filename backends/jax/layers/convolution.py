"""JAX's convolutions: one operation over any number of axes."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from etalon.backends.jax.layers.core import activate

Lengths = int | Sequence[int]


def conv1d(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_general_dilated"""
    (rate,) = per_axis(dilation_rate, 1)
    ahead = [(rate * (kernel.shape[0] - 1), 0)]
    y = jax.lax.conv_general_dilated(
        x,
        kernel,
        per_axis(strides, 1),
        ahead if padding == "causal" else padding.upper(),
        rhs_dilation=(rate,),
        dimension_numbers=layouts(1, data_format),
        feature_group_count=groups,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def conv2d(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_general_dilated"""
    y = jax.lax.conv_general_dilated(
        x,
        kernel,
        per_axis(strides, 2),
        padding.upper(),
        rhs_dilation=per_axis(dilation_rate, 2),
        dimension_numbers=layouts(2, data_format),
        feature_group_count=groups,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def conv3d(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1, 1),
    groups: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_general_dilated"""
    y = jax.lax.conv_general_dilated(
        x,
        kernel,
        per_axis(strides, 3),
        padding.upper(),
        rhs_dilation=per_axis(dilation_rate, 3),
        dimension_numbers=layouts(3, data_format),
        feature_group_count=groups,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def layouts(axes: int, data_format: str) -> tuple[str, str, str]:
    """Return the names of the axes of the input, the kernel and the result."""
    spatial = "DHW"[-axes:]
    own = f"N{spatial}C" if data_format == "channels_last" else f"NC{spatial}"
    return own, f"{spatial}IO", own


def with_bias(y: jax.Array, bias: jax.Array | None, data_format: str) -> jax.Array:
    """Add a bias to the channels."""
    if bias is None:
        return y
    last = data_format == "channels_last"
    return jnp.add(y, bias if last else jnp.reshape(bias, (-1,) + (1,) * (y.ndim - 2)))


def per_axis(value: Lengths, axes: int) -> Sequence[int]:
    """Return one number for each spatial axis."""
    return (value,) * axes if isinstance(value, int) else value
