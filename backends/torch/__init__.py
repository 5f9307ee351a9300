"""PyTorch as a backend: each adapter calls PyTorch's own operation, on its own layouts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from etalon.backends.hosting import Host
from etalon.backends.package import ProcessSetting
from etalon.backends.torch.glue import (
    DEVICES,
    device_of,
    devices,
    from_numpy,
    gradients,
    multiplied,
    to_numpy,
)
from etalon.backends.torch.hosting import ModuleHost

__all__ = [
    "SETTINGS",
    "compiled",
    "device_of",
    "devices",
    "forget",
    "from_numpy",
    "gradients",
    "host",
    "multiplied",
    "placed",
    "to_numpy",
    "version",
]

MANY = 100_000
"""How often one piece of code may be compiled, so that none is run as it is in the end."""

SETTINGS: Mapping[str, ProcessSetting] = {
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


def placed(device: str) -> AbstractContextManager[Any]:
    """Return PyTorch's own context of a default device; none where it is the default already."""
    wanted = torch.device(DEVICES[device])
    return nullcontext() if torch.get_default_device().type == wanted.type else wanted


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as ``torch.compile`` makes it, and not, after some, as it is."""
    limits = torch._dynamo.config
    limits.recompile_limit = limits.accumulated_recompile_limit = MANY
    made: Callable[..., Any] = torch.compile(function, dynamic=False)
    return made


def forget() -> None:
    """Let go of what was compiled, as the next op is another one."""
    if "torch._dynamo" in sys.modules:
        torch.compiler.reset()


def host(kind: type) -> type[Host] | None:
    """Return what calls a ``torch.nn.Module``."""
    return ModuleHost if issubclass(kind, torch.nn.Module) else None
