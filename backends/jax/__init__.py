"""JAX as a backend: its own operations, and the optimizers and losses of Optax."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # read when JAX is imported

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)  # without this, float64 is computed in float32


def version() -> str:
    """Return JAX's version."""
    return str(jax.__version__)


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and ``gpu`` where JAX sees one."""
    return ("cpu", "gpu") if jax.default_backend() == "gpu" else ("cpu",)


def placed(device: str) -> AbstractContextManager[Any]:
    """Return JAX's own context of a default device."""
    context: AbstractContextManager[Any] = jax.default_device(jax.devices(device)[0])
    return context


def from_numpy(array: npt.NDArray[Any]) -> jax.Array:
    """Return an array on the default device that shares no memory with ``array``."""
    return jnp.array(array)


def to_numpy(tensor: jax.Array) -> npt.NDArray[Any]:
    """Return the numbers of an array, wherever it lies."""
    return np.array(tensor)


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
