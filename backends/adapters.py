"""How a backend's package computes an op, and how it calls what its users write.

As in :mod:`etalon.backends.package`, each protocol may be left out, and the function beside it says
what holds then.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol, cast, runtime_checkable

from etalon.backends.hosting import Host
from etalon.backends.package import Package, having
from etalon.spec.model import Op
from etalon.spec.object_path import load


@runtime_checkable
class Adapting(Protocol):
    """Finds its adapters by itself."""

    def adapter(self, op: Op, /) -> Callable[..., Any] | None:
        """Return the callable for an op; ``None`` where there is none."""
        ...


def adapter(backend: str, package: Package, op: Op) -> Callable[..., Any] | None:
    """Return the function with which a backend, whose package this is, computes ``op``.

    Without ``adapter``, that of ``layers/conv2d``, declared in ``spec/layers/convolution.py``, is
    the function ``conv2d`` of the package's module ``layers.convolution``.
    """
    adapting: Adapting | None = having(package, Adapting)
    if adapting:
        return adapting.adapter(op)
    found: Callable[..., Any] | None
    if backend in op.functions:
        found = load(op.functions[backend])
        return found
    name = f"{name_of(package)}.{op.module}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and name.startswith(error.name):
            return None
        raise
    return getattr(module, op.function, None)


@runtime_checkable
class Explaining(Protocol):
    """Says why it has no adapter for an op."""

    def unsupported(self, op: Op, /) -> str:
        """Return the reason, as it stands behind the backend's name."""
        ...


def why_not(package: Package, op: Op) -> str:
    """Return why a package has no adapter for an op."""
    return package.unsupported(op) if isinstance(package, Explaining) else "has no adapter for it"


@runtime_checkable
class Hosting(Protocol):
    """Calls classes of layers as the framework's users write them."""

    def host(self, kind: type, /) -> type[Host] | None:
        """Return what calls a class of layers with given weights; ``None`` for another class."""
        ...


def host(package: Package, kind: type) -> type[Host] | None:
    """Return what calls a class of layers: without ``host``, functions alone are called."""
    return package.host(kind) if isinstance(package, Hosting) else None


@dataclass(frozen=True)
class Preamble:
    """What a program that stands alone has in front of its call of an op.

    ``function`` is called, with ``arguments`` in front of the arrays, where that is not the
    adapter itself.
    """

    imports: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    function: Callable[..., Any] | None = None
    arguments: tuple[str, ...] = ()


@runtime_checkable
class Introducing(Protocol):
    """Has to be told something before a program of one call runs."""

    def preamble(self, op: Op, dtype: str, /) -> Preamble:
        """Return what a program that calls an op in a dtype begins with."""
        ...


def preamble(package: Package, op: Op, dtype: str) -> Preamble:
    """Return how a program begins: without ``preamble``, with the adapter alone."""
    return package.preamble(op, dtype) if isinstance(package, Introducing) else Preamble()


def name_of(package: Package) -> str:
    """Return the name that a package is imported by."""
    return cast(ModuleType, package).__name__
