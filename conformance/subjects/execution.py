"""How a call is executed: operation by operation, or compiled once and kept for others like it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from etalon.backends.package import (
    Compiling,
    Differentiating,
    Function,
    Package,
    compiles_gradients,
    forget,
)
from etalon.conformance.cases.case import Argument, Case
from etalon.spec.model import Op

Gradients = Callable[[Sequence[Any], Sequence[Any]], Sequence[Any]]
"""Takes the tensors of a call and the cotangents of its results."""

NEVER_COMPILED = ("initializers",)
"""The kinds that people call as they are: weights are there before anything is compiled."""


@dataclass(frozen=True)
class Call:
    """A call of the backend, as a function of all of its tensors, and these tensors.

    ``names`` are the arguments that they belong to. What is compiled for a call serves every one
    with the same ``signature``.
    """

    op: Op
    function: Function
    tensors: Sequence[Any]
    names: Sequence[str]
    signature: Hashable

    def places(self, names: Sequence[str]) -> tuple[int, ...]:
        """Return where the tensors of some arguments are among all."""
        return tuple(i for name in names for i, own in enumerate(self.names) if own == name)


def signature(case: Case, arguments: Mapping[str, Argument]) -> Hashable:
    """Return what a compiled call depends on: config and dimensions, dtypes and shapes."""
    seed = case.seed if case.op.distribution is not None else None
    shapes = tuple(_shape(argument) for argument in arguments.values())
    return case.op.id, case.dtype, tuple(case.known.items()), seed, shapes


def _shape(argument: Argument) -> Hashable:
    if isinstance(argument, list):
        return tuple(map(_shape, argument))
    return None if argument is None else (argument.shape, argument.dtype.name)


class Execution:
    """Executes the calls of one op after another on a package, and keeps what it compiled."""

    def __init__(self, package: Package, mode: str) -> None:
        self.package = package
        self._compiling = package if mode == "compiled" and isinstance(package, Compiling) else None
        self._kept: dict[Hashable, Function] = {}

    def forget(self) -> None:
        """Let go of what was compiled, as the next op is another one."""
        self._kept.clear()
        forget(self.package)

    def compiler(self, op: Op) -> Compiling | None:
        """Return what compiles the calls of an op; ``None`` where they are made as they are."""
        return None if op.kind in NEVER_COMPILED else self._compiling

    def results(self, call: Call) -> Function:
        """Return the function of a call's tensors as the mode executes it."""
        compiler = self.compiler(call.op)
        return self._once(call.signature, compiler, call.function) if compiler else call.function

    def gradients(self, call: Call, names: Sequence[str]) -> Gradients:
        """Return what takes the gradients by the tensors of some arguments."""
        places = call.places(names)
        compiler = self.compiler(call.op) if compiles_gradients(self.package) else None
        function = call.function if compiler else self.results(call)
        taken = self._gradients(_of_numbers(call.op, function), places)
        return self._once((call.signature, places), compiler, taken) if compiler else taken

    def _once(self, key: Hashable, package: Compiling, function: Function) -> Function:
        if key not in self._kept:
            self._kept[key] = package.compiled(function)
        return self._kept[key]

    def _gradients(self, function: Function, places: Sequence[int]) -> Any:
        package = cast(Differentiating, self.package)  # of no other are gradients judged

        def gradients(tensors: Sequence[Any], cotangents: Sequence[Any]) -> tuple[Any, ...]:
            def varying(*given: Any) -> tuple[Any, ...]:
                replaced = dict(zip(places, given, strict=True))
                return function(*(replaced.get(i, x) for i, x in enumerate(tensors)))

            varied = [tensors[place] for place in places]
            return tuple(package.gradients(varying, varied, cotangents))

        return gradients


def _of_numbers(op: Op, function: Function) -> Function:
    """Return the function without the results that have a dtype of their own, such as masks."""
    numbers = [tensor.dtype is None for tensor in op.outputs.values()]
    if all(numbers):
        return function

    def among(*given: Any) -> tuple[Any, ...]:
        return tuple(itertools.compress(function(*given), numbers))

    return among
