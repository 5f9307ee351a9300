"""Layers as users of a framework write them, called as functions of inputs and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class CallSetting:
    """What a call of somebody's layer depends on beside its arguments."""

    training: bool = False
    seed: int = 0
    batch_axes: int = 1
    """How many axes in front count examples: some layers take one example at a time."""


class Host(Protocol):
    """A layer of somebody's class, made for one call with given weights.

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
