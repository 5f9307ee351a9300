"""The definitions of up-sampling by repetition and by interpolation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from etalon.backends.numpy import Array
from etalon.backends.numpy.layers.windows import Lengths, as_given, channels_last, per_axis

Kernel = Callable[[Array, Array], Array]
"""Weights from distances, as they are computed and as they are; the latter choose the piece."""


def up_sampling1d(x: Array, *, size: int = 2) -> Array:
    """Each step ``size`` times in a row."""
    return repeated(x, (size,))


def up_sampling2d(
    x: Array,
    *,
    size: Lengths = (2, 2),
    interpolation: str = "nearest",
    data_format: str = "channels_last",
) -> Array:
    """Each pixel a weighted mean of those near its centre: pixel p of x has its centre at p + 0.5.

    The kernels are those of Keys (1981) with a = -1/2 and of Lanczos; beyond the edges is nothing.
    """
    images, sizes = channels_last(x, data_format), per_axis(size, 2)
    if interpolation == "nearest":
        return as_given(repeated(images, sizes), data_format)
    return as_given(interpolated(images, sizes, 0.5, interpolation), data_format)


def up_sampling2d_keras2(
    x: Array,
    *,
    size: Lengths = (2, 2),
    interpolation: str = "nearest",
    data_format: str = "channels_last",
) -> Array:
    """Each pixel a weighted mean of those near its corner: pixel p of x has its corner at p.

    The last row and column are repeated beyond the edge.
    """
    images, sizes = channels_last(x, data_format), per_axis(size, 2)
    if interpolation == "nearest":
        return as_given(repeated(images, sizes), data_format)
    rows, columns = (n * count for n, count in zip(images.shape[1:3], sizes, strict=True))
    longer = np.concatenate([images, images[:, -1:]], axis=1)
    wider = np.concatenate([longer, longer[:, :, -1:]], axis=2)
    return as_given(interpolated(wider, sizes, 0.0, interpolation)[:, :rows, :columns], data_format)


def up_sampling3d(
    x: Array, *, size: Lengths = (2, 2, 2), data_format: str = "channels_last"
) -> Array:
    """Each number ``size`` times in a row along each spatial axis."""
    return as_given(repeated(channels_last(x, data_format), per_axis(size, 3)), data_format)


def repeated(x: Array, size: tuple[int, ...]) -> Array:
    """Return ``x`` with each entry repeated along its spatial axes."""
    for axis, count in enumerate(size, start=1):
        shape = (*x.shape[: axis + 1], count, *x.shape[axis + 1 :])
        copies = np.broadcast_to(np.expand_dims(x, axis + 1), shape)
        x = np.reshape(copies, (*x.shape[:axis], x.shape[axis] * count, *x.shape[axis + 1 :]))
    return x


def triangle(distance: Array, exact: Array) -> Array:
    """``1 - d``, for straight lines from pixel to pixel."""
    return np.maximum(1 - distance, 0.0)


def cubic(distance: Array, exact: Array) -> Array:
    """Cubic convolution (Keys 1981, equation 15): of third order, which needs a = -1/2."""
    near = (1.5 * distance - 2.5) * distance * distance + 1
    far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    return np.where(exact < 1, near, far)


def lanczos(radius: int) -> Kernel:
    """Return the sinc, windowed by the middle of one ``radius`` times as wide."""

    def kernel(distance: Array, exact: Array) -> Array:
        angle = np.pi * distance
        product = np.sin(angle) * np.sin(angle / radius) * radius
        return np.where(exact == 0, 1.0, product / np.square(angle))

    return kernel


KERNELS: Mapping[str, tuple[int, Kernel]] = {
    "bilinear": (1, triangle),
    "bicubic": (2, cubic),
    "lanczos3": (3, lanczos(3)),
    "lanczos5": (5, lanczos(5)),
}
"""How far a kernel reaches, and the kernel."""


def interpolated(images: Array, sizes: tuple[int, ...], shift: float, name: str) -> Array:
    """Return ``images`` with rows and columns so many times as long, each row by itself first."""
    for axis in (2, 1):
        if sizes[axis - 1] > 1:
            images = along(images, axis, sizes[axis - 1], shift, *KERNELS[name])
    return images


def along(x: Array, axis: int, size: int, shift: float, radius: int, kernel: Kernel) -> Array:
    """Return ``x`` with one axis ``size`` times as long.

    What is 0 because it lies beyond the kernel's reach is left out: not even NaN reaches further.
    Weights are computed in the arithmetic of ``x``, their distances from rounded places.
    """
    before, after = np.arange(x.shape[axis]), np.arange(x.shape[axis] * size)[:, None]
    reciprocal = 1 / np.full_like(x, size, shape=())
    places = (np.full_like(x, after, shape=after.shape) + shift) * reciprocal - shift
    distances = np.abs(places - np.full_like(x, before, shape=before.shape))
    exact = np.abs((after + shift) - size * (before + shift)) / size
    weights = np.where(exact <= radius, kernel(distances, exact), 0.0)
    weights = weights / np.sum(weights, axis=-1, keepdims=True)
    last = np.moveaxis(x, axis, -1)[..., None, :]
    products = np.where(exact <= radius, weights * last, 0.0)
    return np.moveaxis(np.sum(products, axis=-1), -1, axis)
