"""TensorFlow as a backend: each adapter calls TensorFlow's own operation, without Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import tensorflow as tf

from etalon.backends.package import ProcessSetting
from etalon.backends.tensorflow.glue import (
    device_of,
    devices,
    from_numpy,
    gradients,
    multiplied,
    to_numpy,
)

__all__ = [
    "SETTINGS",
    "compiled",
    "device_of",
    "devices",
    "from_numpy",
    "gradients",
    "multiplied",
    "placed",
    "to_numpy",
    "version",
]

for _gpu in tf.config.list_physical_devices("GPU"):  # else the first call takes all its memory
    tf.config.experimental.set_memory_growth(_gpu, True)

SETTINGS: Mapping[str, ProcessSetting] = {
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


def placed(device: str) -> AbstractContextManager[Any]:
    """Return TensorFlow's own device scope."""
    scope: AbstractContextManager[Any] = tf.device(f"/{device.upper()}:0")
    return scope


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as XLA compiles it."""
    made: Callable[..., Any] = tf.function(function, jit_compile=True, autograph=False)
    return made
