"""Which parameters of somebody's implementation take which arrays of an op."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from etalon.conformance.candidates.name_mapping import (
    KNOWN_INPUTS,
    VARIABLE,
    InvalidMapping,
    called,
    close,
    listed,
    takes_any,
    used_by,
)
from etalon.conformance.candidates.options import Options, Rule
from etalon.spec.expressions import names
from etalon.spec.model import Op
from etalon.spec.words import SAMPLE_WEIGHT

Signature = Mapping[str, inspect.Parameter]


@dataclass(frozen=True)
class Inputs:
    """How the arrays of a call reach a callable with these parameters.

    ``named`` says what a parameter is given; ``placed`` are arrays that are handed over behind
    these, by their place alone, as to a function of C.
    """

    taken: Signature
    named: Mapping[str, Rule]
    placed: tuple[str, ...] = ()

    @property
    def reached(self) -> frozenset[str]:
        """The arrays of the op that are handed over."""
        return frozenset(self.placed).union(*map(used_by, self.named.values()))

    def given(self, arrays: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return what is handed over by place, and by name.

        An absent array is left out where the parameter has a default, and else is ``None``.
        """
        args: list[Any] = []
        options: dict[str, Any] = {}
        in_order = True
        for name in dict.fromkeys([*self.taken, *self.named]):
            parameter = self.taken.get(name)
            value = _value(name, self.named[name], arrays) if name in self.named else None
            optional = parameter is None or parameter.default is not parameter.empty
            if name not in self.named or (value is None and optional):
                in_order = in_order and parameter is not None and parameter.kind in VARIABLE
            elif in_order and parameter and parameter.kind is not parameter.KEYWORD_ONLY:
                args.append(value)
            else:
                options[name] = value
        return [*args, *(arrays[name] for name in self.placed)], options

    def swapped(self, one: str, other: str) -> Inputs:
        """Return the same with two arrays handed over in each other's place."""
        turned: dict[Rule, str] = {one: other, other: one}
        named = {name: turned.get(rule, rule) for name, rule in self.named.items()}
        placed = tuple(turned.get(name, name) for name in self.placed)
        return replace(self, named=named, placed=placed)

    def spelled(self, *arrays: str) -> str:
        """Return how it is said that these arrays are handed over so; empty where it can't be."""
        own = {name: rule for name, rule in self.named.items() if rule in arrays}
        return f"inputs={own}" if len(own) == len(arrays) else ""


def inputs_of(op: Op, said: Options, arrays: Sequence[str], taken: Signature) -> Inputs:
    """Return how these arrays of an op reach a callable.

    First goes what ``inputs`` says, then equal names, then names that are known to mean the same,
    then the place: the next parameter without a default gets the next array.

    Raises:
        InvalidMapping: ``inputs`` names what there is not, or an array goes nowhere.
    """
    _check_said(op, said, arrays, taken)
    config = {*op.config, *said.config, *said.weights, "seed"}
    free = {n: p for n, p in taken.items() if p.kind not in VARIABLE and n not in config}
    named = dict(said.inputs)
    left = [n for n in arrays if not any(n in used_by(rule) for rule in named.values())]
    for array in tuple(left):
        found = _alike(array, [name for name in free if name not in named])
        if found:
            named[found] = array
            left.remove(array)
    named |= _by_place(op, left, {n: p for n, p in free.items() if n not in named})
    left = [array for array in left if array not in named.values()]
    rest = [n for n in left if n not in _by_name(op)] if _takes_more(taken) else []
    if takes_any(taken):
        named |= {n: n for n in left if n not in rest}
    whole = Inputs(taken, named, tuple(rest))
    _check_reached(op, whole, arrays)
    return whole


def _by_name(op: Op) -> set[str]:
    """Return the arrays that are never handed over by their place."""
    return {*op.masks, SAMPLE_WEIGHT}


def _by_place(op: Op, left: Sequence[str], free: Signature) -> dict[str, str]:
    """Return the arrays that are left by the parameters that are left, each in their order.

    A parameter with a default stands for no array, but for a weight where that is ``None``.
    """
    arrays = [name for name in left if name not in _by_name(op)]
    found: dict[str, str] = {}
    for name, parameter in free.items():
        array = arrays[0] if arrays else ""
        bare = parameter.default is parameter.empty
        if array and _has_place(parameter) and (bare or _may_be_none(op, array, parameter)):
            found[name] = arrays.pop(0)
    return found


def _may_be_none(op: Op, array: str, parameter: inspect.Parameter) -> bool:
    return parameter.default is None and array in op.weights


def absent(op: Op, said: Options, inputs: Inputs, arrays: Mapping[str, Any]) -> None:
    """See that every array of a call is handed over.

    Raises:
        InvalidMapping: one is not.
    """
    if all(value is None or name in inputs.reached for name, value in arrays.items()):
        return
    lost = [name for name in arrays if name not in inputs.reached and _possible(op, said, name)]
    rules = list(dict.fromkeys(str(op.tensors[name].optional) for name in lost))
    none = {rule: _without(op, rule) for rule in rules if rule in op.dims}
    write = f", only={none}" if len(none) == len(rules) else ""
    verb = "does" if len(rules) == 1 else "do"
    raise InvalidMapping(
        f"it takes {listed([f'no {name}' for name in lost])}: say by only that "
        f"{listed([repr(rule) for rule in rules])} {verb} not hold{write}"
    )


def _possible(op: Op, said: Options, name: str) -> bool:
    rule = op.tensors[name].optional
    return rule is not None and not names(rule) <= set(said.only)


def _without(op: Op, rule: str) -> Any:
    return next(value for value in (False, None) if value in op.dims[rule].values)


def _check_said(op: Op, said: Options, arrays: Sequence[str], taken: Signature) -> None:
    for name, rule in said.inputs.items():
        if name not in taken and not takes_any(taken):
            raise InvalidMapping(
                f"inputs names {name!r}{close(name, taken)}, but it takes {listed(taken)}"
            )
        for used in used_by(rule):
            if used not in arrays:
                raise InvalidMapping(
                    f"inputs, {name!r}: {op.id} has no input {used!r}{close(used, arrays)}, "
                    f"but {listed(arrays)}"
                )


def _check_reached(op: Op, inputs: Inputs, arrays: Sequence[str]) -> None:
    lost = [n for n in arrays if n not in inputs.reached and op.tensors[n].optional is None]
    if lost:
        verb = "goes" if len(lost) == 1 else "go"
        write = ", ".join(f"'…': {name!r}" for name in lost)
        raise InvalidMapping(
            f"{listed(map(repr, lost))} of the op {verb} nowhere: it takes "
            f"{listed(inputs.taken)}; say which of these is which, inputs={{{write}}}"
        )


def _alike(array: str, free: Sequence[str]) -> str:
    """Return the parameter that is called like an array; empty where none or several are."""
    if f"{array}_" in free:  # Equinox's ``key`` is that of random numbers, ``key_`` the array
        return f"{array}_"
    if array in free:
        return array
    known = [name for name in free if name in KNOWN_INPUTS.get(array, ())]
    return known[0] if len(known) == 1 else ""


def _has_place(parameter: inspect.Parameter) -> bool:
    """Return whether a parameter may be given by its place."""
    return parameter.kind is not parameter.KEYWORD_ONLY


def _takes_more(taken: Signature) -> bool:
    """Return whether a callable takes any number of arguments by their place."""
    kinds = {parameter.kind for parameter in taken.values()}
    return inspect.Parameter.VAR_POSITIONAL in kinds


def _value(name: str, rule: Rule, arrays: Mapping[str, Any]) -> Any:
    used = {n: arrays[n] for n in used_by(rule)}
    if not callable(rule):
        return used[str(rule)]
    if all(value is None for value in used.values()):
        return None
    return called(f"inputs, {name!r}", rule, used)
