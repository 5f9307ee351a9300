"""What a check may be told beside the implementation, its op and its backend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from etalon.spec.model import Value
from etalon.spec.words import CONTRACTS

Rule = str | Callable[..., Any] | bool | int | float | tuple[int, ...] | None
"""What a name of theirs is given: an expression or a function of the op's names, or a constant."""
Rules = Mapping[str, Rule]

USUAL_DTYPES = ("float32", "float64")
"""What is judged where nothing is said: many layers are not made for half of the digits."""


class CheckOptions(TypedDict, total=False):
    """The options of ``etalon.check``, all of which may be left out: see :class:`Options`."""

    config: Rules | None
    weights: Rules | None
    inputs: Rules | None
    only: Mapping[str, Value] | None
    laws: Sequence[str] | None
    dtypes: Sequence[str]
    device: str
    profile: str
    seed: int
    timeout: float
    contract: str


@dataclass(frozen=True, kw_only=True)
class Options:
    """The same, whole.

    ``config``, ``weights`` and ``inputs`` say what a name of theirs is given. ``only`` holds the
    hyperparameters and dimensions of the op that have one value in all cases.
    """

    config: Rules = field(default_factory=dict)
    weights: Rules = field(default_factory=dict)
    inputs: Rules = field(default_factory=dict)
    only: Mapping[str, Value] = field(default_factory=dict)
    laws: Sequence[str] | None = None
    dtypes: Sequence[str] = USUAL_DTYPES
    device: str = "cpu"
    profile: str = "quick"
    seed: int = 0
    timeout: float = 60
    contract: str = CONTRACTS[0]

    @classmethod
    def of(cls, given: CheckOptions) -> Options:
        """Return the options of a call, in which ``None`` stands for what is left out.

        Raises:
            TypeError: there is no such option.
        """
        return cls(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
