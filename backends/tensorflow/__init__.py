"""TensorFlow as a backend: each adapter calls TensorFlow's own operation, without Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

for _gpu in tf.config.list_physical_devices("GPU"):  # else the first call takes all its memory
    tf.config.experimental.set_memory_growth(_gpu, True)

SETTINGS = {
    "eager functions": (
        tf.config.functions_run_eagerly,
        tf.config.run_functions_eagerly,
    ),
    "soft device placement": (
        tf.config.get_soft_device_placement,
        tf.config.set_soft_device_placement,
    ),
    "the precision of matrix products": (
        tf.config.experimental.tensor_float_32_execution_enabled,
        tf.config.experimental.enable_tensor_float_32_execution,
    ),
}


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


def device_of(tensor: tf.Tensor) -> str:
    """Return where a tensor lies."""
    return "gpu" if "GPU" in tensor.device else "cpu"


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


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as XLA compiles it."""
    made: Callable[..., Any] = tf.function(function, jit_compile=True, autograph=False)
    return made
