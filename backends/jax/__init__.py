"""JAX as a backend: its own operations, and the optimizers and losses of Optax."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from etalon.backends.adapters import Preamble
from etalon.backends.hosting import Host
from etalon.backends.package import ProcessSetting
from etalon.spec.model import Op

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # read when JAX is imported

import jax

from etalon.backends.jax.glue import (
    COMPILES_GRADIENTS,
    SETUP,
    compiled,
    device_of,
    devices,
    forget,
    from_numpy,
    gradients,
    multiplied,
    to_numpy,
    wide,
)

__all__ = [
    "COMPILES_GRADIENTS",
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
    "preamble",
    "to_numpy",
    "version",
]

FLAGS = (
    "jax_default_matmul_precision",
    "jax_default_prng_impl",
    "jax_disable_jit",
    "jax_debug_nans",
    "jax_enable_x64",
    "jax_numpy_dtype_promotion",
)
SETTINGS: Mapping[str, ProcessSetting] = {
    name: (partial(getattr, jax.config, name), partial(jax.config.update, name)) for name in FLAGS
}


def version() -> str:
    """Return JAX's version."""
    return str(jax.__version__)


@contextmanager
def placed(device: str) -> Iterator[None]:
    """Compute on the device; and in float64 where that is asked for, as JAX by itself does not."""
    with wide(), jax.default_device(jax.devices(device)[0]):
        yield


def preamble(op: Op, dtype: str) -> Preamble:
    """Return what a program tells JAX first: that float64 is to be float64."""
    return Preamble(setup=SETUP)


def host(kind: type) -> type[Host] | None:
    """Return what calls a module of Flax (Linen or NNX) or of Equinox."""
    hosts = importlib.import_module(f"{__name__}.hosting").HOSTS
    origins = [f"{base.__module__}." for base in kind.__mro__]
    named = (origin for origin in hosts if any(o.startswith(origin) for o in origins))
    found: type[Host] | None = hosts.get(next(named, None))
    return found
