"""What is TensorFlow's and no op's: conversion, devices, gradients, the precision of products.

Keras on TensorFlow uses it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

SETUP: tuple[str, ...] = ()
"""What a program says before TensorFlow computes in every dtype."""


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and ``gpu`` where TensorFlow sees one."""
    return ("cpu", "gpu") if tf.config.list_physical_devices("GPU") else ("cpu",)


def device_of(tensor: tf.Tensor) -> str:
    """Return where a tensor lies, in TensorFlow's word where we have none."""
    return str(tf.DeviceSpec.from_string(tensor.device).device_type).lower()


def wide() -> AbstractContextManager[None]:
    """Return a context that changes nothing: TensorFlow computes in float64 when it is asked to."""
    return nullcontext()


@contextmanager
def multiplied(mode: str) -> Iterator[None]:
    """Multiply float32 in full precision, or in TF32, which is TensorFlow's default on a GPU."""
    before = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(mode == "tf32")
    try:
        yield
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(before)


def from_numpy(array: npt.NDArray[Any]) -> tf.Tensor:
    """Return a tensor that shares no memory with ``array``."""
    return tf.constant(array.copy())


def to_numpy(tensor: tf.Tensor) -> npt.NDArray[Any]:
    """Return the numbers of a tensor, wherever it lies."""
    return np.asarray(tensor.numpy())


def gradients(
    function: Callable[..., tuple[tf.Tensor, ...]],
    tensors: Sequence[tf.Tensor],
    cotangents: Sequence[tf.Tensor],
) -> Sequence[tf.Tensor]:
    """Return, for each tensor, the gradient of the sum of results times cotangents."""
    with tf.GradientTape() as tape:
        for tensor in tensors:
            tape.watch(tensor)
        results = function(*tensors)
    zero = tf.UnconnectedGradients.ZERO
    found = tape.gradient(results, tensors, tuple(cotangents), unconnected_gradients=zero)
    return [tf.convert_to_tensor(gradient) for gradient in found]
