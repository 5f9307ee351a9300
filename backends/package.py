"""What a backend's package has to have, and what holds where it leaves something out.

A package is a module: there is no base class to inherit. :class:`Package` is what each one has.
Every other protocol here is one thing that may be left out; the function beside it says what holds
then, so that nobody else has to ask whether it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from etalon.spec.words import DEVICES, DTYPES

if TYPE_CHECKING:
    import numpy.typing as npt

Tensor = Any
Context = AbstractContextManager[Any]
Function = Callable[..., tuple[Tensor, ...]]

ProcessSetting = tuple[Callable[[], Any], Callable[[Any], Any] | None]
"""How a setting of the process is read, and how it is put back; ``None`` where it can't be."""


class InvalidPackage(ValueError):
    """A backend's package is not what one has to be; the message says in what."""


@runtime_checkable
class Package(Protocol):
    """What every package has."""

    def version(self) -> str:
        """Return the framework's version, as the records show it."""
        ...

    def devices(self) -> tuple[str, ...]:
        """Return those of ``etalon.spec.words.DEVICES`` that are usable here."""
        ...

    def placed(self, device: str, /) -> Context:
        """Return a context in which the framework computes on that device."""
        ...

    def from_numpy(self, array: npt.NDArray[Any], /) -> Tensor:
        """Return a tensor of the same dtype, which shares no memory with the array."""
        ...

    def to_numpy(self, tensor: Tensor, /) -> npt.NDArray[Any]:
        """Return the numbers of a tensor, without a change of dtype."""
        ...


@cache
def _names(protocol: type) -> tuple[str, ...]:
    return tuple(name for name in vars(protocol) if not name.startswith("_"))


REQUIRED = _names(Package)


def having(package: object, protocol: type) -> Any:
    """Return a package as what it is if it has all of a protocol, ``None`` where it has not.

    ``isinstance`` says the same, but for each of a million calls it reads the protocol anew.
    """
    return package if all(hasattr(package, name) for name in _names(protocol)) else None


def checked(module: ModuleType) -> Package:
    """Return the module of a backend as what it is.

    Raises:
        InvalidPackage: it lacks a function that each package has, or ``LACKS`` is no mapping.
    """
    absent = [n for n in REQUIRED if not callable(getattr(module, n, None))]
    if absent:
        raise InvalidPackage(
            f"the package {module.__name__} has no {', '.join(absent)}, which every backend needs"
        )
    if isinstance(module, Lacking) and not _by_device(module.LACKS):
        raise InvalidPackage(
            f"LACKS of the package {module.__name__} has to name dtypes by device, such as "
            f"{{{DEVICES[0]!r}: ({DTYPES[-1]!r},)}}, of {', '.join((*DEVICES, *DTYPES))}"
        )
    return cast(Package, module)


def _by_device(lacks: object) -> bool:
    return isinstance(lacks, Mapping) and all(
        device in DEVICES and not isinstance(dtypes, str) and set(dtypes) <= set(DTYPES)
        for device, dtypes in lacks.items()
    )


# What it has


@runtime_checkable
class Lacking(Protocol):
    """Has not all dtypes on all devices."""

    @property
    def LACKS(self) -> Mapping[str, Sequence[str]]:  # noqa: N802 (a constant of the module)
        """By device, the dtypes that the framework has not there."""
        ...


def lacks(package: Package, device: str) -> tuple[str, ...]:
    """Return the dtypes that the framework has not on a device: without ``LACKS``, none."""
    lacking: Lacking | None = having(package, Lacking)
    return tuple(lacking.LACKS.get(device, ())) if lacking else ()


@runtime_checkable
class Configured(Protocol):
    """Has settings that hold for the whole process; no call may change one."""

    @property
    def SETTINGS(self) -> Mapping[str, ProcessSetting]:  # noqa: N802 (a constant, too)
        """The settings, by what they are called in a sentence."""
        ...


def settings(package: Package) -> Mapping[str, ProcessSetting]:
    """Return the settings that no call may change: without ``SETTINGS``, none."""
    return package.SETTINGS if isinstance(package, Configured) else {}


@runtime_checkable
class Differentiating(Protocol):
    """Takes gradients; of a package that does not, they are not judged."""

    def gradients(
        self, function: Function, tensors: Sequence[Tensor], cotangents: Sequence[Tensor], /
    ) -> Sequence[Tensor]:
        """Return, for each tensor, the gradient of the sum of results times cotangents.

        The function takes the tensors. The gradient is zero where nothing depends on a tensor.
        """
        ...


@runtime_checkable
class Compiling(Protocol):
    """Compiles; a package that does not has no mode ``compiled``."""

    def compiled(self, function: Callable[..., Any], /) -> Callable[..., Any]:
        """Return the same function, compiled."""
        ...


@runtime_checkable
class CompilingGradients(Protocol):
    """Takes gradients within what it compiles, as a transformation of the function."""

    @property
    def COMPILES_GRADIENTS(self) -> bool:  # noqa: N802 (a constant, too)
        """Whether it does."""
        ...


def compiles_gradients(package: Package) -> bool:
    """Return whether gradients are compiled with the call: else the call alone is."""
    compiling: CompilingGradients | None = having(package, CompilingGradients)
    return compiling is not None and compiling.COMPILES_GRADIENTS


# Where and how it computes


@runtime_checkable
class Locating(Protocol):
    """Knows where a result lies."""

    def device_of(self, tensor: Tensor, /) -> str:
        """Return the device of a tensor, in the framework's own word where we have none."""
        ...


def device_of(package: Package, tensor: Tensor) -> str | None:
    """Return where a tensor lies: without ``device_of``, nobody knows."""
    locating: Locating | None = having(package, Locating)
    return locating.device_of(tensor) if locating else None


@runtime_checkable
class Multiplying(Protocol):
    """Is told how to round the factors of products of float32."""

    def multiplied(self, mode: str, /) -> Context:
        """Return a context in which they are rounded as a mode of ``REDUCED`` says.

        In any other mode, products have full precision, which not every GPU gives by default.
        """
        ...


def multiplied(package: Package, mode: str) -> Context:
    """Return the context of a mode: without ``multiplied``, one that changes nothing."""
    multiplying: Multiplying | None = having(package, Multiplying)
    return multiplying.multiplied(mode) if multiplying else nullcontext()


@runtime_checkable
class Defaulting(Protocol):
    """Has a default dtype, to which it converts what says nothing of its own."""

    def computing_in(self, dtype: str, /) -> Context:
        """Return a context in which that dtype is the default, whatever the process has set."""
        ...


def computing_in(package: Package, dtype: str) -> Context:
    """Return the context of a dtype: without ``computing_in``, one that changes nothing."""
    defaulting: Defaulting | None = having(package, Defaulting)
    return defaulting.computing_in(dtype) if defaulting else nullcontext()


@runtime_checkable
class Keeping(Protocol):
    """Keeps what it compiled."""

    def forget(self) -> None:
        """Let go of what was compiled, as the next op is another one."""
        ...


def forget(package: object) -> None:
    """Let a package go of what it compiled: without ``forget``, it keeps it."""
    if isinstance(package, Keeping):
        package.forget()
