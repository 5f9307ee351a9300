"""Backends with a habit: NumPy with one adapter, or derivatives, of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from etalon import spec
from etalon.backends import BACKENDS
from etalon.backends import numpy as honest
from etalon.backends.package import Package
from etalon.conformance.characteristics import measured
from etalon.conformance.subjects.execution import Execution
from etalon.conformance.subjects.subject import Subject
from etalon.spec.model import Op

Adapter = Callable[..., Any]


class Habit(Subject):
    """NumPy with one adapter of its own, and with numerical or given derivatives."""

    def __init__(self, own: Adapter | None = None, slopes: Adapter | None = None) -> None:
        super().__init__(BACKENDS["numpy"])
        self.own = own
        parts: dict[str, Any] = {"gradients": _given(slopes)} if slopes else {}
        self.package = cast(
            Package,
            SimpleNamespace(
                adapter=honest.adapter,
                placed=_anywhere,
                from_numpy=honest.from_numpy,
                to_numpy=honest.to_numpy,
                **parts,
            ),
        )
        self._execution = Execution(self.package, self.mode)

    def adapter(self, op: Op) -> Adapter | None:
        """Return the adapter with the habit, around the honest one."""
        own, right = self.own, honest.adapter(op)
        return (lambda *args, **config: own(right, *args, **config)) if own else right


def _anywhere(device: str) -> AbstractContextManager[None]:
    return nullcontext()


def _given(slopes: Adapter) -> Adapter:
    def gradients(function: Adapter, tensors: Sequence[Any], cotangents: Sequence[Any]) -> Any:
        return [slopes(tensor) for tensor in tensors]

    return gradients


def findings(subject: Subject, op: str) -> dict[str, str]:
    """Return what is found in float32, by name."""
    found = measured(subject, spec.find(op))
    return {c.name: c.finding for c in found if c.dtype == "float32"}


def on_input(change: Callable[[Any], Any]) -> Adapter:
    """Return a habit that changes the first argument before the honest adapter sees it."""
    return lambda honest, x, *rest, **config: honest(change(x), *rest, **config)


def on_result(change: Callable[[Any], Any]) -> Adapter:
    """Return a habit that changes what the honest adapter returns."""
    return lambda honest, *args, **config: change(honest(*args, **config))


def rounding(bits: int) -> Callable[[Any], Any]:
    """Return what rounds to so many bits of the significand."""

    def cut(x: Any) -> Any:
        fraction, exponent = np.frexp(x)
        rounded = np.ldexp(np.round(np.ldexp(fraction, bits)), exponent - bits)
        return rounded.astype(x.dtype)

    return cut
