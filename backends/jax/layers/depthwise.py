"""JAX's depthwise convolutions: as many groups as channels."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from etalon.backends.jax.layers.convolution import Lengths, layouts, per_axis, with_bias
from etalon.backends.jax.layers.core import activate


def depthwise_conv1d(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_general_dilated"""
    y = jax.lax.conv_general_dilated(
        x,
        by_channel(kernel),
        per_axis(strides, 1),
        padding.upper(),
        rhs_dilation=per_axis(dilation_rate, 1),
        dimension_numbers=layouts(1, data_format),
        feature_group_count=kernel.shape[-2],
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def depthwise_conv2d(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    depth_multiplier: int = 1,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_general_dilated"""
    y = jax.lax.conv_general_dilated(
        x,
        by_channel(kernel),
        per_axis(strides, 2),
        padding.upper(),
        rhs_dilation=per_axis(dilation_rate, 2),
        dimension_numbers=layouts(2, data_format),
        feature_group_count=kernel.shape[-2],
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def by_channel(kernel: jax.Array) -> jax.Array:
    """Bring a kernel ``(*size, channels, multiplier)`` to ``(*size, 1, channels · multiplier)``."""
    return jnp.reshape(kernel, (*kernel.shape[:-2], 1, -1))
