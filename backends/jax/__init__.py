"""JAX as a backend: its own operations, and the optimizers and losses of Optax."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from etalon.backends import Host

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # read when JAX is imported

import jax

FLAGS = (
    "jax_default_matmul_precision",
    "jax_default_prng_impl",
    "jax_disable_jit",
    "jax_debug_nans",
    "jax_enable_x64",
    "jax_numpy_dtype_promotion",
)
SETTINGS = {
    name: (partial(getattr, jax.config, name), partial(jax.config.update, name)) for name in FLAGS
}


def version() -> str:
    """Return JAX's version."""
    return str(jax.__version__)


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and ``gpu`` where JAX sees one."""
    return ("cpu", "gpu") if jax.default_backend() == "gpu" else ("cpu",)


@contextmanager
def placed(device: str) -> Iterator[None]:
    """Compute on the device; and in float64 where that is asked for, as JAX by itself does not."""
    with jax.enable_x64(True), jax.default_device(jax.devices(device)[0]):
        yield


def multiplied(mode: str) -> AbstractContextManager[Any]:
    """Return a context in which float32 is multiplied in full precision, or as the mode says."""
    named = {"tf32": "tensorfloat32", "bfloat16": "bfloat16"}.get(mode, "highest")
    context: AbstractContextManager[Any] = jax.default_matmul_precision(named)
    return context


def from_numpy(array: npt.NDArray[Any]) -> jax.Array:
    """Return an array on the default device that shares no memory with ``array``.

    ``jnp.array`` would compile a copy for each shape.
    """
    return jax.device_put(array, may_alias=False)


def to_numpy(tensor: jax.Array) -> npt.NDArray[Any]:
    """Return the numbers of an array, wherever it lies."""
    return np.array(tensor)


def device_of(tensor: jax.Array) -> str:
    """Return where an array lies."""
    (found,) = tensor.devices()
    return "cpu" if found.platform == "cpu" else "gpu"


def gradients(
    function: Callable[..., tuple[jax.Array, ...]],
    tensors: Sequence[jax.Array],
    cotangents: Sequence[jax.Array],
) -> Sequence[jax.Array]:
    """Return, for each tensor, the gradient of the sum of results times cotangents."""
    _, pull_back = jax.vjp(function, *tensors)
    found: Sequence[jax.Array] = pull_back(tuple(cotangents))
    return found


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as ``jax.jit`` makes it."""
    made: Callable[..., Any] = jax.jit(function)
    return made


def forget() -> None:
    """Let go of what was compiled: another op has other shapes, and all of them fill gigabytes."""
    jax.clear_caches()


def host(kind: type) -> type[Host] | None:
    """Return what calls a module of Flax (Linen or NNX) or of Equinox."""
    hosts = importlib.import_module(f"{__name__}.hosting").HOSTS
    origins = [f"{base.__module__}." for base in kind.__mro__]
    named = (origin for origin in hosts if any(o.startswith(origin) for o in origins))
    found: type[Host] | None = hosts.get(next(named, None))
    return found
