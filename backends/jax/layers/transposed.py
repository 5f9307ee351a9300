"""JAX's transposed convolutions: one operation over any number of axes."""

from __future__ import annotations

import jax

from etalon.backends.jax.layers.convolution import Lengths, layouts, per_axis, with_bias
from etalon.backends.jax.layers.core import activate


def conv1d_transpose(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = 1,
    padding: str = "valid",
    output_padding: Lengths | None = None,
    data_format: str = "channels_last",
    dilation_rate: Lengths = 1,
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_transpose"""
    y = jax.lax.conv_transpose(
        x,
        kernel,
        per_axis(strides, 1),
        _pads(kernel, padding, output_padding, dilation_rate),
        rhs_dilation=per_axis(dilation_rate, 1),
        dimension_numbers=layouts(1, data_format),
        transpose_kernel=True,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def conv2d_transpose(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1),
    padding: str = "valid",
    output_padding: Lengths | None = None,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_transpose"""
    y = jax.lax.conv_transpose(
        x,
        kernel,
        per_axis(strides, 2),
        _pads(kernel, padding, output_padding, dilation_rate),
        rhs_dilation=per_axis(dilation_rate, 2),
        dimension_numbers=layouts(2, data_format),
        transpose_kernel=True,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def conv3d_transpose(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array | None = None,
    *,
    filters: int | None = None,
    kernel_size: Lengths | None = None,
    strides: Lengths = (1, 1, 1),
    padding: str = "valid",
    output_padding: Lengths | None = None,
    data_format: str = "channels_last",
    dilation_rate: Lengths = (1, 1, 1),
    use_bias: bool = True,
    activation: str | None = None,
) -> jax.Array:
    """native: jax.lax.conv_transpose"""
    y = jax.lax.conv_transpose(
        x,
        kernel,
        per_axis(strides, 3),
        _pads(kernel, padding, output_padding, dilation_rate),
        rhs_dilation=per_axis(dilation_rate, 3),
        dimension_numbers=layouts(3, data_format),
        transpose_kernel=True,
    )
    return activate(with_bias(y, bias if use_bias else None, data_format), activation)


def _pads(
    kernel: jax.Array, padding: str, output_padding: Lengths | None, dilation: Lengths
) -> str | list[tuple[int, int]]:
    """Return the padding by its name, or in numbers where the result's length is prescribed."""
    if output_padding is None:
        return padding.upper()
    axes = kernel.ndim - 2
    rates, extra = per_axis(dilation, axes), per_axis(output_padding, axes)
    spans = [(k - 1) * rate + 1 for k, rate in zip(kernel.shape, rates, strict=False)]
    kept = spans if padding == "valid" else [span % 2 for span in spans]
    lost = [span - k - more for span, k, more in zip(spans, kept, extra, strict=True)]
    cuts = [max(n, 0) // 2 for n in lost]
    ends = zip(spans, cuts, lost, strict=True)
    return [(span - 1 - cut, span - 1 - (n - cut)) for span, cut, n in ends]
