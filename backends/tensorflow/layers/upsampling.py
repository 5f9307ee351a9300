"""TensorFlow's repetition, and its resizing of images, channels last."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf


def up_sampling1d(x: tf.Tensor, *, size: int = 2) -> tf.Tensor:
    """native: tf.repeat"""
    return tf.repeat(x, size, axis=1)


def up_sampling2d(
    x: tf.Tensor,
    *,
    size: int | Sequence[int] = (2, 2),
    interpolation: str = "nearest",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.image.resize"""
    images = x if data_format == "channels_last" else tf.experimental.numpy.moveaxis(x, 1, -1)
    y = tf.image.resize(images, _lengths(images, size), method=interpolation)
    return y if data_format == "channels_last" else tf.experimental.numpy.moveaxis(y, -1, 1)


def up_sampling2d_keras2(
    x: tf.Tensor,
    *,
    size: int | Sequence[int] = (2, 2),
    interpolation: str = "nearest",
    data_format: str = "channels_last",
) -> tf.Tensor:
    """native: tf.compat.v1.image.resize_images"""
    images = x if data_format == "channels_last" else tf.experimental.numpy.moveaxis(x, 1, -1)
    method = {
        "nearest": tf.compat.v1.image.ResizeMethod.NEAREST_NEIGHBOR,
        "bilinear": tf.compat.v1.image.ResizeMethod.BILINEAR,
    }.get(interpolation, interpolation)
    y = tf.compat.v1.image.resize_images(images, _lengths(images, size), method)
    return y if data_format == "channels_last" else tf.experimental.numpy.moveaxis(y, -1, 1)


def up_sampling3d(
    x: tf.Tensor, *, size: int | Sequence[int] = (2, 2, 2), data_format: str = "channels_last"
) -> tf.Tensor:
    """native: tf.repeat"""
    counts = (size,) * 3 if isinstance(size, int) else size
    for axis, count in enumerate(counts, start=1 if data_format == "channels_last" else 2):
        x = tf.repeat(x, count, axis=axis)
    return x


def _lengths(images: tf.Tensor, size: int | Sequence[int]) -> list[int]:
    sizes = (size, size) if isinstance(size, int) else size
    return [n * count for n, count in zip(images.shape[1:-1], sizes, strict=True)]
