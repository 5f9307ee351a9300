"""JAX's repetition, and its resizing of images, in any layout."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp


def up_sampling1d(x: jax.Array, *, size: int = 2) -> jax.Array:
    """native: jnp.repeat"""
    return jnp.repeat(x, size, axis=1)


def up_sampling2d(
    x: jax.Array,
    *,
    size: int | Sequence[int] = (2, 2),
    interpolation: str = "nearest",
    data_format: str = "channels_last",
) -> jax.Array:
    """native: jax.image.resize"""
    sizes = _per_axis(size, data_format)
    shape = [n * count for n, count in zip(x.shape, sizes, strict=True)]
    return jax.image.resize(x, shape, interpolation, antialias=False)


def up_sampling2d_keras2(
    x: jax.Array,
    *,
    size: int | Sequence[int] = (2, 2),
    interpolation: str = "nearest",
    data_format: str = "channels_last",
) -> jax.Array:
    """native: jax.image.resize

    Corners are native: jax.image.scale_and_translate, which makes numbers more than half a pixel
    beyond the last one 0, so jnp.pad repeats it first.
    """
    sizes = _per_axis(size, data_format)
    shape = [n * count for n, count in zip(x.shape, sizes, strict=True)]
    if interpolation == "nearest":
        return jax.image.resize(x, shape, interpolation)
    longer = [axis for axis, count in enumerate(sizes) if count != 1]
    padded = jnp.pad(x, [(0, int(axis in longer)) for axis in range(x.ndim)], mode="edge")
    scale = jnp.array([sizes[axis] for axis in longer], jnp.promote_types(x.dtype, jnp.float32))
    moved = (1 - scale) / 2
    return jax.image.scale_and_translate(
        padded, shape, longer, scale, moved, interpolation, antialias=False
    )


def up_sampling3d(
    x: jax.Array, *, size: int | Sequence[int] = (2, 2, 2), data_format: str = "channels_last"
) -> jax.Array:
    """native: jnp.repeat"""
    counts = (size,) * 3 if isinstance(size, int) else size
    for axis, count in enumerate(counts, start=1 if data_format == "channels_last" else 2):
        x = jnp.repeat(x, count, axis=axis)
    return x


def _per_axis(size: int | Sequence[int], data_format: str) -> tuple[int, ...]:
    rows, columns = (size, size) if isinstance(size, int) else size
    return (1, rows, columns, 1) if data_format == "channels_last" else (1, 1, rows, columns)
