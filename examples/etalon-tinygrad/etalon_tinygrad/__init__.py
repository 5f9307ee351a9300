"""tinygrad as a backend of Etalon: each adapter calls tinygrad's own operation, on its CPU device.

That device compiles what it computes with clang, or with the compiler that ``CC`` names.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt
from tinygrad import Context, Tensor

COMPILER = "clang"
LACKS = {"cpu": ("bfloat16",)}
"""tinygrad leaves bfloat16 to clang, which has it on x86 from version 17 on alone."""


def version() -> str:
    """Return tinygrad's version."""
    return metadata.version("tinygrad")


def devices() -> tuple[str, ...]:
    """Return ``cpu``, which needs a compiler.

    Raises:
        RuntimeError: there is none.
    """
    compiler = os.environ.get("CC", COMPILER)
    if shutil.which(compiler) is None:
        raise RuntimeError(f"tinygrad's CPU device needs clang, and {compiler!r} is not installed")
    return ("cpu",)


def placed(device: str) -> AbstractContextManager[Any]:
    """Return tinygrad's own context of a default device.

    In it kernels are compiled as they are written, unless ``NOOPT`` says otherwise: to optimize
    one takes seconds, and each shape has its own. They are compiled in this process, since others
    would have to be started first.
    """
    plain = int(os.environ.get("NOOPT", "1"))
    context: AbstractContextManager[Any] = Context(DEV=device.upper(), NOOPT=plain, PARALLEL=0)
    return context


def from_numpy(array: npt.NDArray[Any]) -> Tensor:
    """Return a tensor that shares no memory with ``array``."""
    return Tensor(np.array(array)).realize()


def to_numpy(tensor: Tensor) -> npt.NDArray[Any]:
    """Return the numbers of a tensor, which are computed now."""
    return np.asarray(tensor.numpy())


def gradients(
    function: Callable[..., tuple[Tensor, ...]],
    tensors: Sequence[Tensor],
    cotangents: Sequence[Tensor],
) -> Sequence[Tensor]:
    """Return, for each tensor, the gradient of the sum of results times cotangents."""
    pairs = zip(function(*tensors), cotangents, strict=True)
    total = sum((result * cotangent).sum() for result, cotangent in pairs)
    return list(total.gradient(*tensors))
