"""Who is judged: one package per backend, imported only when asked for.

Those that come with Etalon are named here; another package brings one by an entry point of the
group ``etalon.backends``, which names its module: ``tinygrad = "etalon_tinygrad"``. What departs
from the spec is documented in ``divergences.toml`` beside the package's ``__init__.py``.

A backend package has these functions; there is no base class to inherit:

- ``version() -> str``: the framework's version, as the records show it.
- ``devices() -> tuple[str, ...]``: of ``cpu`` and ``gpu``, what is usable here.
- ``placed(device)``: a context in which the framework computes on that device.
- ``from_numpy(array)`` and ``to_numpy(tensor)``: there and back, without a change of dtype.
- optionally ``device_of(tensor)``: where a result lies, ``cpu`` or ``gpu``.
- optionally ``LACKS``: the dtypes that the framework has not.
- optionally ``gradients(function, tensors, cotangents)``: of a function that takes the tensors and
  returns a tuple of results, one gradient for each tensor: that of the sum of results times
  cotangents, zeros where the results do not depend on it.
- ``compiled(function)``, where the mode is declared: the same function, compiled.
- ``multiplied(mode)``, where one of ``REDUCED`` is declared or there is a GPU: a context in which
  the factors of products of float32 are rounded so; in any other mode, in full precision.
- optionally ``SETTINGS``: by what they are called, the settings of the framework that hold for the
  whole process, each by how it is read and how it is put back. No call may change one.
- optionally ``forget()``: let go of what was compiled, as the next op is another one.
- optionally ``adapter(op)``: the callable for an op. Without it, the adapter of
  ``layers/conv2d``, declared in ``spec/layers/convolution.py``, is the function ``conv2d`` of the
  package's module ``layers.convolution``; where there is none, the op is unsupported.
- optionally ``unsupported(op)``: why there is no adapter for an op.
- optionally ``host(kind)``: for a class of layers as the framework's users write them, the
  :class:`Host` that calls one with given weights; ``None`` for any other class.
"""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from etalon.spec.object_path import load
from etalon.spec.words import EXECUTIONS, MODES


@dataclass(frozen=True)
class Backend:
    """What can be said of a backend without importing it."""

    name: str
    module: str
    requires: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that name a folder of the run, where it keeps what it compiled."""
    modes: tuple[str, ...] = ("eager",)
    """How it executes: operation by operation, or what its compiler makes of the whole."""
    provider: str = ""
    """The distribution that brings it, where that is not Etalon."""

    def missing(self) -> tuple[str, ...]:
        """Return the required packages that are not installed."""
        return tuple(name for name in self.requires if not importlib.util.find_spec(name))

    @property
    def folder(self) -> Path | None:
        """Where its package lies; ``None`` where it is none, or is not installed."""
        found = importlib.util.find_spec(self.module)
        folders = (found.submodule_search_locations or ()) if found else ()
        return next(map(Path, folders), None)

    def load(self) -> ModuleType:
        """Import the backend's package, and with it the framework."""
        return importlib.import_module(self.module)


_NOBODYS_SETTINGS = str(Path(tempfile.gettempdir()) / "etalon-keras")
"""Where Keras finds no ``keras.json`` of the user's: a run depends on nobody's settings."""


class Named(Protocol):
    """What an adapter is looked up by: an op of the catalogue."""

    @property
    def function(self) -> str:
        """The name of the function in an adapter."""
        ...

    @property
    def module(self) -> str:
        """The place of the function in a backend's package."""
        ...

    @property
    def functions(self) -> Mapping[str, str]:
        """The places of its functions by backend, where they are in no backend's package."""
        ...


ENTRY_POINTS = "etalon.backends"
"""The group of entry points by which a package brings a backend. It can't replace one of ours."""


@dataclass(frozen=True)
class Setting:
    """What a call of somebody's layer depends on beside its arguments."""

    training: bool = False
    seed: int = 0
    batch_axes: int = 1
    """How many axes in front count examples: some layers take one example at a time."""


class Raised(Exception):
    """Code that is not Etalon's raised an exception, which is the ``__cause__``.

    ``part`` says what was called: the ``constructor`` of a class of layers, or the ``call``.
    """

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@contextmanager
def theirs(part: str = "call") -> Iterator[None]:
    """Mark what is raised within as an answer of the code that is judged: see :class:`Raised`."""
    try:
        yield
    except Exception as error:  # whatever is raised by code that is judged is its answer
        raise Raised(part) from error


class Host(Protocol):
    """A layer of somebody's class, made for one call with given weights.

    It makes the layer and calls it within :func:`theirs`.

    ``calls`` is the method whose arguments are ``options``; ``supplies`` are the arguments of the
    class that the host fills in by itself. ``parameters`` and ``state`` are the layer's own
    arrays, by name: all of the first are replaced when it is called, of the second those that are
    given.
    """

    calls: str
    supplies: tuple[str, ...]

    def __init__(
        self,
        kind: type,
        constants: Mapping[str, Any],
        inputs: Sequence[Any],
        options: Mapping[str, Any],
        setting: Setting,
    ) -> None: ...

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What is learned, by name."""
        ...

    @property
    def state(self) -> Mapping[str, Any]:
        """What else the layer holds, by name."""
        ...

    def __call__(self, weights: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        """Return the result of the call, and the state after it."""
        ...


TORCH_ALONE = {"OMP_NUM_THREADS": "1"}
"""Arrays of cases are small: on a busy machine PyTorch's threads mostly wait for one another."""

TENSORFLOW_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
"""Without oneDNN, which TensorFlow uses on some processors only: a case is to replay anywhere."""

JAX_KEEPS_ALL = {
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
JAX_FOLDERS = {"JAX_COMPILATION_CACHE_DIR": ".jax"}


def _keras_on(
    framework: str,
    package: str,
    environment: Mapping[str, str] | None = None,
    folders: Mapping[str, str] | None = None,
) -> Backend:
    own = {"KERAS_BACKEND": framework, "KERAS_HOME": _NOBODYS_SETTINGS}
    return Backend(
        name=f"keras-{framework}",
        module="etalon.backends.keras",
        requires=("keras", package),
        environment={**(environment or {}), **own},
        folders=folders or {},
        extra=f"keras,{framework}",
    )


_OURS = (
    Backend("numpy", "etalon.backends.numpy", ("numpy",)),
    Backend("torch", "etalon.backends.torch", ("torch",), TORCH_ALONE, extra="torch", modes=MODES),
    Backend(
        "tensorflow",
        "etalon.backends.tensorflow",
        ("tensorflow",),
        TENSORFLOW_QUIET,
        extra="tensorflow",
        modes=(*EXECUTIONS, "tf32"),
    ),
    Backend(
        "jax",
        "etalon.backends.jax",
        ("jax", "optax"),
        JAX_KEEPS_ALL,
        extra="jax",
        folders=JAX_FOLDERS,
        modes=MODES,
    ),
    _keras_on("torch", "torch", TORCH_ALONE),
    _keras_on("tensorflow", "tensorflow", TENSORFLOW_QUIET),
    _keras_on("jax", "jax", JAX_KEEPS_ALL, JAX_FOLDERS),
)


def provided() -> tuple[Backend, ...]:
    """Return the backends that other packages bring: which modes they have, only they know."""
    return tuple(
        Backend(
            point.name,
            point.value,
            modes=EXECUTIONS,
            provider=point.dist.name if point.dist else "",
        )
        for point in entry_points(group=ENTRY_POINTS)
        if point.name not in {backend.name for backend in _OURS}
    )


BACKENDS: Mapping[str, Backend] = {backend.name: backend for backend in (*_OURS, *provided())}


def adapter(backend: str, package: ModuleType, op: Named) -> Callable[..., Any] | None:
    """Return the function with which a backend, whose package this is, computes ``op``."""
    found: Callable[..., Any] | None
    if hasattr(package, "adapter"):
        found = package.adapter(op)
        return found
    if backend in op.functions:
        found = load(op.functions[backend])
        return found
    name = f"{package.__name__}.{op.module}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and name.startswith(error.name):
            return None
        raise
    return getattr(module, op.function, None)


def why_not(package: ModuleType, op: Named) -> str:
    """Return why ``package`` has no adapter for ``op``."""
    if hasattr(package, "unsupported"):
        return str(package.unsupported(op))
    return "has no adapter for it"
