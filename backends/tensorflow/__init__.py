"""TensorFlow as a backend: each adapter calls TensorFlow's own operation, without Keras."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

for _gpu in tf.config.list_physical_devices("GPU"):  # else the first call takes all its memory
    tf.config.experimental.set_memory_growth(_gpu, True)


def version() -> str:
    """Return TensorFlow's version."""
    return str(tf.__version__)


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and ``gpu`` where TensorFlow sees one."""
    return ("cpu", "gpu") if tf.config.list_physical_devices("GPU") else ("cpu",)


def placed(device: str) -> AbstractContextManager[Any]:
    """Return TensorFlow's own device scope."""
    scope: AbstractContextManager[Any] = tf.device(f"/{device.upper()}:0")
    return scope


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
) -> list[tf.Tensor]:
    """Return the gradient of a function's results, weighted by ``cotangents``, for each tensor.

    Args:
        function: takes the tensors one by one and returns a tuple of results.
        tensors: where the gradient is taken.
        cotangents: one array for each result, of its shape.

    Returns:
        One gradient for each tensor: zeros where no result depends on it.
    """
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        results = function(*tensors)
    found = tape.gradient(results, tensors, cotangents, tf.UnconnectedGradients.ZERO)
    return [tf.convert_to_tensor(gradient) for gradient in found]
