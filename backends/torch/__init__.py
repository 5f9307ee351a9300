"""PyTorch as a backend: each adapter calls PyTorch's own operation, on its own layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import torch

from etalon.backends.torch.hosting import ModuleHost

SETTINGS = {
    "the default dtype": (torch.get_default_dtype, torch.set_default_dtype),
    "whether gradients are taken": (torch.is_grad_enabled, torch.set_grad_enabled),
    "the number of threads": (torch.get_num_threads, torch.set_num_threads),
    "deterministic algorithms": (
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
    ),
    "the precision of matrix products": (
        torch.get_float32_matmul_precision,
        torch.set_float32_matmul_precision,
    ),
}


def version() -> str:
    """Return PyTorch's version."""
    return str(torch.__version__)


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and ``gpu`` where PyTorch sees one."""
    return ("cpu", "gpu") if torch.cuda.is_available() else ("cpu",)


def placed(device: str) -> AbstractContextManager[Any]:
    """Return PyTorch's own context of a default device; none where it is the default already."""
    wanted = torch.device("cuda" if device == "gpu" else device)
    return nullcontext() if torch.get_default_device().type == wanted.type else wanted


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


def device_of(tensor: torch.Tensor) -> str:
    """Return where a tensor lies."""
    return "gpu" if tensor.is_cuda else "cpu"


def gradients(
    function: Callable[..., tuple[torch.Tensor, ...]],
    tensors: Sequence[torch.Tensor],
    cotangents: Sequence[torch.Tensor],
) -> Sequence[torch.Tensor]:
    """Return, for each tensor, the gradient of the sum of results times cotangents."""
    leaves = [tensor.requires_grad_() for tensor in tensors]
    pairs = zip(function(*leaves), cotangents, strict=True)
    followed = [(result, cotangent) for result, cotangent in pairs if result.requires_grad]
    if not followed:
        return [torch.zeros_like(leaf) for leaf in leaves]
    results, weights = zip(*followed, strict=True)
    options = {"allow_unused": True, "materialize_grads": True}
    found: Sequence[torch.Tensor] = torch.autograd.grad(results, leaves, weights, **options)
    return found


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as ``torch.compile`` makes it, and not, after some, as it is."""
    torch.compiler.reset()
    made: Callable[..., Any] = torch.compile(function, dynamic=False)
    return made


def host(kind: type) -> type[ModuleHost] | None:
    """Return what calls a ``torch.nn.Module``."""
    return ModuleHost if issubclass(kind, torch.nn.Module) else None
