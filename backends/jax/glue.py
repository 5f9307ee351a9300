"""What is JAX's and no op's: conversion, devices, gradients, the precision of products.

Keras on JAX uses it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

SETUP = ("import jax", "", 'jax.config.update("jax_enable_x64", True)')
"""What a program says before JAX computes in every dtype."""

COMPILES_GRADIENTS = True
"""A gradient is a transformation: people compile it with the call, as one function."""


def devices() -> tuple[str, ...]:
    """Return ``cpu``, and ``gpu`` where JAX sees one."""
    return ("cpu", "gpu") if jax.default_backend() == "gpu" else ("cpu",)


def device_of(tensor: jax.Array) -> str:
    """Return where an array lies, in JAX's word where we have none."""
    (found,) = tensor.devices()
    return str(found.platform).lower()


def wide() -> AbstractContextManager[Any]:
    """Return a context in which JAX computes in float64 where it is asked to."""
    context: AbstractContextManager[Any] = jax.enable_x64(True)
    return context


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


def traced(array: Any) -> bool:
    """Return whether an array stands for one of a call that is being compiled."""
    return isinstance(array, jax.core.Tracer)


def forget() -> None:
    """Let go of what was compiled: another op has other shapes, and all of them fill gigabytes."""
    jax.clear_caches()
