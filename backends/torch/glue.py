"""What is PyTorch's and no op's: conversion, devices, gradients, the precision of products.

Keras on PyTorch uses it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import torch

DEVICES = {"cpu": "cpu", "gpu": "cuda"}
"""What PyTorch calls the devices."""
THERE = {"cpu": lambda: True, "gpu": torch.cuda.is_available}
"""Whether PyTorch sees them."""
SETUP: tuple[str, ...] = ()
"""What a program says before PyTorch computes in every dtype."""


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and what else PyTorch sees."""
    return tuple(device for device, sees in THERE.items() if sees())


def device_of(tensor: torch.Tensor) -> str:
    """Return where a tensor lies, in PyTorch's word where we have none."""
    ours = {theirs: device for device, theirs in DEVICES.items()}
    return ours.get(tensor.device.type, str(tensor.device.type))


def wide() -> AbstractContextManager[None]:
    """Return a context that changes nothing: PyTorch computes in float64 where it is asked to."""
    return nullcontext()


@contextmanager
def multiplied(mode: str) -> Iterator[None]:
    """Multiply float32 in full precision, or as the mode says.

    cuDNN's convolutions use TF32 by default.
    """
    products, convolutions = torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32
    torch.set_float32_matmul_precision({"tf32": "high", "bfloat16": "medium"}.get(mode, "highest"))
    torch.backends.cudnn.allow_tf32 = mode == "tf32"
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(products)
        torch.backends.cudnn.allow_tf32 = convolutions


def from_numpy(array: npt.NDArray[Any]) -> torch.Tensor:
    """Return a tensor on the default device that shares no memory with ``array``."""
    if array.dtype == ml_dtypes.bfloat16:  # PyTorch takes the bits, but not NumPy's dtype
        return torch.tensor(array.view(np.int16)).view(torch.bfloat16)
    return torch.tensor(array)


def to_numpy(tensor: torch.Tensor) -> npt.NDArray[Any]:
    """Return the numbers of a tensor, wherever it lies."""
    held = tensor.detach().cpu()
    if held.dtype == torch.bfloat16:
        return np.asarray(held.contiguous().view(torch.int16).numpy().view(ml_dtypes.bfloat16))
    return np.asarray(held.numpy())


def gradients(
    function: Callable[..., tuple[torch.Tensor, ...]],
    tensors: Sequence[torch.Tensor],
    cotangents: Sequence[torch.Tensor],
) -> Sequence[torch.Tensor]:
    """Return, for each tensor, the gradient of the sum of results times cotangents.

    PyTorch is given the sum itself: to be given its weights, it imports SymPy.
    """
    leaves = [tensor.requires_grad_() for tensor in tensors]
    pairs = zip(function(*leaves), cotangents, strict=True)
    followed = [(result, cotangent) for result, cotangent in pairs if result.requires_grad]
    if not followed:
        return [torch.zeros_like(leaf) for leaf in leaves]
    whole = sum(_weighted(result, cotangent) for result, cotangent in followed)
    options = {"allow_unused": True, "materialize_grads": True}
    found: Sequence[torch.Tensor] = torch.autograd.grad(whole, leaves, **options)
    return found


def _weighted(result: torch.Tensor, cotangent: torch.Tensor) -> torch.Tensor:
    if result.shape != cotangent.shape:
        wanted, got = tuple(cotangent.shape), tuple(result.shape)
        raise RuntimeError(f"the gradient of a result of shape {got} was asked for as of {wanted}")
    return (result * cotangent).sum()
