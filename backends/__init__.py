"""Who is judged: one package per backend, imported only when asked for.

Those that come with Etalon are named here; another package brings one by an entry point of the
group ``etalon.backends``, which names its module: ``tinygrad = "etalon_tinygrad"``. What departs
from the spec is documented in ``divergences.toml`` beside the package's ``__init__.py``.

What a package has to have, and what it may leave out, is in :mod:`etalon.backends.package`.
"""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path

from etalon.backends.package import Package, checked
from etalon.spec.words import EXECUTIONS, MODES, REDUCED, family


@dataclass(frozen=True)
class Backend:
    """What can be said of a backend without importing it."""

    name: str
    module: str
    requires: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that say where it keeps what it compiled, and the folder's name."""
    compiled_by: tuple[str, ...] = ()
    """The distributions whose versions what it compiled is kept by."""
    modes: tuple[str, ...] = ("eager",)
    """How it can be asked to compute; the first is how most of its users do."""
    effort: float = 1.0
    """How long its run takes beside those of others, roughly: for an estimate of what is left."""
    provider: str = ""
    """The distribution that brings it, where that is not Etalon."""

    @property
    def family(self) -> str:
        """The library of which this is one of several backends; empty where it is none's.

        Such a library finds an op by the name that the entry has in it, so it has no adapters.
        """
        return family(self.name)

    def missing(self) -> tuple[str, ...]:
        """Return the required packages that are not installed."""
        return tuple(name for name in self.requires if not importlib.util.find_spec(name))

    @property
    def folder(self) -> Path | None:
        """Where its package lies; ``None`` where it is none, or is not installed."""
        found = importlib.util.find_spec(self.module)
        folders = (found.submodule_search_locations or ()) if found else ()
        return next(map(Path, folders), None)

    def load(self) -> Package:
        """Import the backend's package, and with it the framework.

        Raises:
            InvalidPackage: the package is not what one has to be.
        """
        return checked(importlib.import_module(self.module))


_NOBODYS_SETTINGS = str(Path(tempfile.gettempdir()) / "etalon-keras")
"""Where Keras finds no ``keras.json`` of the user's: a run depends on nobody's settings."""


ENTRY_POINTS = "etalon.backends"
"""The group of entry points by which a package brings a backend. It can't replace one of ours."""


TORCH_ALONE = {"OMP_NUM_THREADS": "1"}
"""Arrays of cases are small: on a busy machine PyTorch's threads mostly wait for one another."""

TENSORFLOW_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
"""Without oneDNN, which TensorFlow uses on some processors only: a case is to replay anywhere."""

JAX_KEEPS_ALL = {
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
JAX_FOLDERS = {"JAX_COMPILATION_CACHE_DIR": "jax"}
JAX_COMPILES = ("jax", "jaxlib")


_FRAMEWORKS = (
    Backend("torch", "etalon.backends.torch", ("torch",), TORCH_ALONE, extra="torch", modes=MODES),
    Backend(
        "tensorflow",
        "etalon.backends.tensorflow",
        ("tensorflow",),
        TENSORFLOW_QUIET,
        extra="tensorflow",
        modes=(*EXECUTIONS, "tf32"),
        effort=2,
    ),
    Backend(
        "jax",
        "etalon.backends.jax",
        ("jax", "optax"),
        JAX_KEEPS_ALL,
        extra="jax",
        folders=JAX_FOLDERS,
        compiled_by=JAX_COMPILES,
        modes=("compiled", "eager", *REDUCED),
        effort=6,
    ),
)


def _keras_on(framework: Backend) -> Backend:
    """Return Keras on a framework; compiled where that is how most users of the framework compute.

    Where it compiles for few of its users, it is not asked to.
    """
    usual = framework.modes[0]
    own = {"KERAS_BACKEND": framework.name, "KERAS_HOME": _NOBODYS_SETTINGS}
    return Backend(
        name=f"keras-{framework.name}",
        module="etalon.backends.keras",
        requires=("keras", framework.requires[0]),
        environment={**framework.environment, **own},
        folders=framework.folders,
        compiled_by=framework.compiled_by,
        modes=tuple(dict.fromkeys((usual, EXECUTIONS[0]))),
        effort=1.3 * framework.effort,
        extra=f"keras,{framework.name}",
    )


_OURS = (
    Backend("numpy", "etalon.backends.numpy", ("numpy",), effort=0.5),
    *_FRAMEWORKS,
    *map(_keras_on, _FRAMEWORKS),
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
