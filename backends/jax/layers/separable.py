"""JAX has no separable convolutions; two convolutions make one."""

from __future__ import annotations

import jax

from etalon.backends.jax.layers.convolution import Lengths, layouts, per_axis, with_bias
from etalon.backends.jax.layers.core import activate
from etalon.backends.jax.layers.depthwise import by_channel


def separable_conv1d(
    x: jax.Array,
    depthwise_kernel: jax.Array,
    pointwise_kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    depth_multiplier: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """composed: jax.lax.conv_general_dilated"""
    names = layouts(1, data_format)
    between = jax.lax.conv_general_dilated(
        x,
        by_channel(depthwise_kernel),
        per_axis(strides, 1),
        padding.upper(),
        rhs_dilation=per_axis(dilation_rate, 1),
        dimension_numbers=names,
        feature_group_count=depthwise_kernel.shape[-2],
    )
    y = jax.lax.conv_general_dilated(
        between, pointwise_kernel, per_axis(1, 1), "VALID", dimension_numbers=names
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def separable_conv2d(
    x: jax.Array,
    depthwise_kernel: jax.Array,
    pointwise_kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    depth_multiplier: int = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """composed: jax.lax.conv_general_dilated"""
    names = layouts(2, data_format)
    between = jax.lax.conv_general_dilated(
        x,
        by_channel(depthwise_kernel),
        per_axis(strides, 2),
        padding.upper(),
        rhs_dilation=per_axis(dilation_rate, 2),
        dimension_numbers=names,
        feature_group_count=depthwise_kernel.shape[-2],
    )
    y = jax.lax.conv_general_dilated(
        between, pointwise_kernel, per_axis(1, 2), "VALID", dimension_numbers=names
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)
