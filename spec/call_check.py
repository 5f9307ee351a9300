"""Put the numbered constraints of an op in front of a function that computes it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from etalon.spec.model import Op
from etalon.spec.shapes import bind


def checked(op: Op, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, refusing a call that breaks a constraint of ``op``.

    The wrapped function raises ``InvalidCall``, a ``ValueError`` that cites the constraint by its
    number and names the argument. Lists of arrays are left to the function itself.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        given = signature.bind(*args, **options)
        given.apply_defaults()
        shapes = {name: _shape(given.arguments.get(name)) for name in op.tensors}
        known = {*op.config, *op.dims} - set(op.tensors)
        config = {n: _declared(op, n, v) for n, v in given.arguments.items() if n in known}
        bind(op, shapes, config)
        return function(*args, **options)

    return call


def _declared(op: Op, name: str, value: Any) -> Any:
    """Return a hyperparameter as the spec writes it: one number for each axis, in a tuple."""
    declared = op.config[name].values[0] if name in op.config else None
    if isinstance(declared, tuple) and isinstance(value, int):
        return (value,) * len(declared)
    return tuple(value) if isinstance(value, list) else value


def _shape(value: Any) -> tuple[int, ...] | None:
    return None if value is None or isinstance(value, list | tuple) else tuple(value.shape)
