"""Which names of somebody's implementation stand for which names of an op.

Equal names need no word. Otherwise a rule says what a name of theirs is given: an expression over
the op's names, as in spec entries (``"not training"``), with ``.T`` or ``.transpose(2, 0, 1)`` for
an array of weights; or, in Python, a function whose arguments have the op's names.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from etalon.spec.expressions import evaluate, names
from etalon.spec.model import Choice, Op, Value
from etalon.spec.shape_functions import UnknownName

Rule = str | Callable[..., Any]
Rules = Mapping[str, Rule]

TRAINING = "training"
"""The hyperparameter that the modules of most frameworks have as a mode of their own."""
ARRAY = re.compile(r"(\w+)(\.T|\.transpose\(([\d, ]+)\))?")


class InvalidMapping(ValueError):
    """The names of an implementation and of its op do not fit; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a caller says of names: ``config`` and ``weights`` by their own name, ``only`` by ours.

    ``only`` holds hyperparameters and dimensions that have one value in all cases.
    """

    config: Rules = field(default_factory=dict)
    weights: Rules = field(default_factory=dict)
    only: Mapping[str, Value] = field(default_factory=dict)


def restricted(op: Op, only: Mapping[str, Value]) -> Op:
    """Return the entry with one value for each name in ``only``.

    Raises:
        InvalidMapping: the op has no such name.
    """
    for name in only:
        if name not in {**op.config, **op.dims}:
            raise InvalidMapping(f"only: {_unknown(name, op, {**op.config, **op.dims})}")
    config = {n: Choice(only[n]) if n in only else c for n, c in op.config.items()}
    dims = {n: Choice(only[n]) if n in only else c for n, c in op.dims.items()}
    return replace(op, config=config, dims=dims)


def arguments(
    op: Op, rules: Rules, known: Mapping[str, Any], taken: Mapping[str, inspect.Parameter]
) -> dict[str, Any]:
    """Return what a callable with these parameters is given of config and dimensions."""
    wild = _any(taken)
    given = {n: _value(op, n, rule, known) for n, rule in rules.items() if wild or n in taken}
    same = {n: known[n] for n in op.config if (wild or n in taken) and n not in rules}
    return {**same, **given}


def check_config(
    op: Op, said: Names, taken: Mapping[str, inspect.Parameter], supplied: Iterable[str]
) -> None:
    """See that every hyperparameter of the op reaches the candidate, and that it asks for no other.

    Raises:
        InvalidMapping: one does not.
    """
    wild = _any(taken)
    takes = f"it takes {', '.join(taken)}" if taken else "it takes none"
    for name in said.config:
        if name not in taken and not wild:
            raise InvalidMapping(f"config names {name!r}{_close(name, taken)}, but {takes}")
    reached = {n for rule in said.config.values() for n in _names(rule)}
    for name in op.config:
        if name in taken or wild or name in reached or name in said.only:
            continue
        if name in supplied or len(op.config[name].values) == 1:
            continue
        raise InvalidMapping(
            f"{name!r}, a hyperparameter of the op, goes nowhere{_close(name, taken)}: {takes}; "
            f"say which of these is given it, config={{'…': {name!r}}}, or judge one value of it "
            f"alone, only={{{name!r}: {op.config[name].values[0]!r}}}"
        )
    _check_required(op, said, taken, supplied)


def _check_required(
    op: Op, said: Names, taken: Mapping[str, inspect.Parameter], supplied: Iterable[str]
) -> None:
    for name, parameter in taken.items():
        needed = parameter.default is parameter.empty and parameter.kind not in VARIABLE
        if needed and name not in {*said.config, *op.config, *supplied}:
            known = {**op.config, **op.dims}
            raise InvalidMapping(
                f"it needs {name!r}, which is no hyperparameter of the op{_close(name, known)}: "
                f"say what it is given, config={{{name!r}: '…'}}, by an expression over "
                f"{', '.join(known)}"
            )


def tensors(
    op: Op, rules: Rules, given: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the op's weights by the candidate's names, those of ``own``.

    Raises:
        InvalidMapping: one of ours goes nowhere, one of theirs gets none, or a shape differs.
    """
    same = {name: name for name in own if name in op.weights and name not in rules}
    found = {}
    for name, rule in {**same, **rules}.items():
        if name not in own and all(given.get(used, 0) is None for used in _names(rule)):
            continue
        if name not in own:
            raise InvalidMapping(f"weights names {name!r}{_close(name, own)}, but {_holds(own)}")
        found[name] = array(op, name, rule, given)
        if tuple(found[name].shape) != tuple(own[name].shape):
            raise InvalidMapping(_misfit(name, rule, found[name], own[name]))
    used = {n for rule in {**same, **rules}.values() for n in _names(rule)}
    for name, value in given.items():
        if value is not None and name not in used:
            free = [n for n in own if n not in found]
            raise InvalidMapping(
                f"{name!r}, a weight of the op, goes nowhere{_close(name, free)}: {_holds(own)}; "
                f"say which of these is it, weights={{'…': {name!r}}}"
            )
    return found


def _holds(own: Mapping[str, Any]) -> str:
    held = ", ".join(f"{name} {tuple(array.shape)}" for name, array in own.items())
    return f"it holds {held or 'no weights'}"


def state_names(op: Op, rules: Rules, own: Mapping[str, Any]) -> dict[str, str]:
    """Return the candidate's name of each weight that the op's state consists of."""
    renamed = {rule: name for name, rule in rules.items() if isinstance(rule, str)}
    return {name: renamed.get(name, name) for name in op.state if renamed.get(name, name) in own}


VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _any(taken: Mapping[str, inspect.Parameter]) -> bool:
    return any(p.kind is inspect.Parameter.VAR_KEYWORD for p in taken.values())


def _names(rule: Rule) -> frozenset[str]:
    """Return the op's names that a rule uses."""
    if callable(rule):
        return frozenset(inspect.signature(rule).parameters)
    found = ARRAY.fullmatch(rule)
    return frozenset({found[1]}) if found else names(rule)


def _value(op: Op, name: str, rule: Rule, known: Mapping[str, Any]) -> Any:
    try:
        if callable(rule):
            return rule(**{n: known[n] for n in _names(rule)})
        return evaluate(rule, known)
    except (UnknownName, KeyError) as error:
        said = str(error).strip("'\"")
        raise InvalidMapping(f"config, {name!r}: {_unknown(said, op, known)}") from error
    except ValueError as error:
        raise InvalidMapping(f"config, {name!r}: {error}") from error


def array(op: Op, name: str, rule: Rule, given: Mapping[str, Any]) -> Any:
    """Return what a rule makes of the op's weights for the candidate's ``name``."""
    for used in _names(rule):
        if used not in given:
            raise InvalidMapping(f"weights, {name!r}: {_unknown(used, op, given)}")
        if given[used] is None:
            raise InvalidMapping(
                f"it holds {name!r} where the case has no {used}: let config say so to it, as in "
                f"config={{'use_bias': {op.weights[used].optional!r}}}"
            )
    if callable(rule):
        return rule(**{n: given[n] for n in _names(rule)})
    found = ARRAY.fullmatch(rule)
    if not found:
        raise InvalidMapping(f"weights, {name!r}: {rule!r} is no weight, nor one with .T behind it")
    return _transposed(given[found[1]], found[2], found[3])


def _transposed(tensor: Any, how: str | None, order: str | None) -> Any:
    if not how:
        return tensor
    axes = [int(n) for n in order.split(",")] if order else list(range(len(tensor.shape)))[::-1]
    move = getattr(tensor, "permute", None) or tensor.transpose  # PyTorch's word, and NumPy's
    return move(*axes)


def _misfit(name: str, rule: Rule, found: Any, own: Any) -> str:
    shapes = tuple(found.shape), tuple(own.shape)
    said = rule if isinstance(rule, str) else "what the function in weights returns"
    turned = isinstance(rule, str) and shapes[0][::-1] == shapes[1]
    hint = f": transposed? weights={{{name!r}: '{rule}.T'}}" if turned else ""
    return f"{said} has shape {shapes[0]}, and {name!r} has {shapes[1]}{hint}"


def _unknown(name: str, op: Op, known: Iterable[str]) -> str:
    return f"{op.id} has no {name!r}{_close(name, known)}, but {', '.join(known) or 'nothing'}"


def _close(name: str, among: Iterable[str]) -> str:
    close = get_close_matches(name, list(among), n=2, cutoff=0.5)
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""
