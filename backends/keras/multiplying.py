"""Full precision for products of float32, as each framework under Keras is told on a GPU."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any


@contextmanager
def torch() -> Iterator[None]:
    """Let PyTorch round no factors; by default cuDNN's convolutions do."""
    cudnn: Any = importlib.import_module("torch.backends.cudnn")
    before = cudnn.allow_tf32
    cudnn.allow_tf32 = False
    try:
        yield
    finally:
        cudnn.allow_tf32 = before


@contextmanager
def tensorflow() -> Iterator[None]:
    """Let TensorFlow round no factors, as it does by default."""
    settings = importlib.import_module("tensorflow").config.experimental
    before = settings.tensor_float_32_execution_enabled()
    settings.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        settings.enable_tensor_float_32_execution(before)


def jax() -> AbstractContextManager[Any]:
    """Let JAX round no factors, as XLA does by default."""
    context: AbstractContextManager[Any] = importlib.import_module("jax").default_matmul_precision(
        "highest"
    )
    return context
