"""Layers as users of a framework write them, called as functions of inputs and weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class CallSetting:
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
        setting: CallSetting,
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
