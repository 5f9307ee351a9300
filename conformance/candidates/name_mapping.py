"""Which names of somebody's implementation stand for which names of an op.

Equal names need no word. Otherwise a rule says what a name of theirs is given: an expression over
the op's names, as in spec entries (``"not training"``), with ``.T`` or ``.transpose(2, 0, 1)`` for
an array of weights; or, in Python, a function whose arguments have the op's names, or a constant.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from etalon.conformance.candidates.options import Options, Rule, Rules
from etalon.conformance.subjects.fault_place import said as told
from etalon.conformance.subjects.fault_place import users_line
from etalon.conformance.subjects.outcomes import CannotBeAsked
from etalon.spec.expressions import evaluate, names
from etalon.spec.model import Choice, Op, Value
from etalon.spec.shape_functions import UnknownName

TRAINING = "training"
"""The hyperparameter that the modules of most frameworks have as a mode of their own."""
ARRAY = re.compile(r"(\w+)(\.T|\.transpose\(([\d, ]+)\))?")
KNOWN_INPUTS: Mapping[str, tuple[str, ...]] = {
    "y_true": ("target", "targets", "label", "labels", "true", "truth", "actual"),
    "y_pred": (
        *("input", "inputs", "pred", "preds", "prediction", "predictions", "predicted"),
        *("logits", "probs", "scores", "output", "outputs", "y_hat", "yhat"),
    ),
    "sample_weight": ("sample_weights", "weights"),
    "x": ("input", "inputs"),
    "query": ("q", "queries"),
    "key": ("k", "keys"),
    "value": ("v", "values"),
}
"""What the inputs of ops are called elsewhere, as in ``forward`` of PyTorch's losses."""
SPELLINGS: Mapping[str, Mapping[str, str]] = {"reduction": {"sum_over_batch_size": "mean"}}
"""Values that are written otherwise by those whose default is one of the other spellings."""


class InvalidMapping(CannotBeAsked):
    """The names of an implementation and of its op do not fit; the message says which."""


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
    wild = takes_any(taken)
    given = {n: _value(op, n, rule, known) for n, rule in rules.items() if wild or n in taken}
    reached = frozenset().union(*map(used_by, rules.values()))
    same = [n for n in op.config if n not in rules and (n in taken or (wild and n not in reached))]
    return {
        n: _spelled(n, value, taken)
        for n, value in {**{n: known[n] for n in same}, **given}.items()
    }


def _spelled(name: str, value: Any, taken: Mapping[str, inspect.Parameter]) -> Any:
    """Return a value as it is written where the default of the parameter comes from."""
    known = SPELLINGS.get(name, {})
    default = taken[name].default if name in taken else None
    return known.get(value, value) if default in known.values() else value


def check_config(
    op: Op, said: Options, taken: Mapping[str, inspect.Parameter], supplied: Iterable[str]
) -> None:
    """See that every hyperparameter of the op reaches the candidate, and that it asks for no other.

    Raises:
        InvalidMapping: one does not.
    """
    wild = takes_any(taken)
    takes = f"it takes {', '.join(taken) or 'none'}"
    for name in said.config:
        if name not in taken and not wild:
            raise InvalidMapping(f"config names {name!r}{close(name, taken)}, but {takes}")
    reached = {n for rule in said.config.values() for n in used_by(rule)}
    given = {*taken, *reached, *said.only, *supplied}
    lost = [n for n in op.config if n not in given and len(op.config[n].values) > 1]
    if lost and not wild:
        raise InvalidMapping(f"{_lost(op, lost, taken)}: {takes}; {_remedy(op, lost)}")
    _check_required(op, said, taken, supplied)


def _lost(op: Op, lost: Sequence[str], taken: Iterable[str]) -> str:
    """Return the sentence that says of hyperparameters that they reach nothing."""
    shown = listed([f"{name!r}{close(name, taken)}" for name in lost])
    if len(lost) > 1:
        return f"{shown}, hyperparameters of the op, go nowhere"
    return f"{lost[0]!r}, a hyperparameter of the op, goes nowhere{close(lost[0], taken)}"


def _remedy(op: Op, lost: Sequence[str]) -> str:
    """Return what to write where hyperparameters reach nothing."""
    one = len(lost) == 1
    only = {name: op.config[name].values[0] for name in lost}
    layouts = op.config["data_format"].values if "data_format" in lost else ()
    either = f" (data_format is {' or '.join(map(repr, layouts))})" if layouts else ""
    return (
        f"say which of these is given {'it' if one else 'them'}, config={{'…': {lost[0]!r}}}, or "
        f"judge one value of {'it' if one else 'each'} alone, only={only}{either}"
    )


def _check_required(
    op: Op, said: Options, taken: Mapping[str, inspect.Parameter], supplied: Iterable[str]
) -> None:
    known = {**op.config, **op.dims}
    needed = [n for n, p in taken.items() if p.default is p.empty and p.kind not in VARIABLE]
    lacking = [name for name in needed if name not in {*said.config, *op.config, *supplied}]
    if lacking:
        shown = listed([f"{name!r}{close(name, known)}" for name in lacking])
        what = "is no hyperparameter" if len(lacking) == 1 else "are no hyperparameters"
        write = ", ".join(f"{name!r}: '…'" for name in lacking)
        raise InvalidMapping(
            f"it needs {shown}, which {what} of the op: say what "
            f"{'it is' if len(lacking) == 1 else 'they are'} given, config={{{write}}}, by an "
            f"expression over {', '.join(known)}"
        )


def tensors(
    op: Op, rules: Rules, given: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the op's weights by the candidate's names, those of ``own``.

    Raises:
        InvalidMapping: one of ours goes nowhere, one of theirs gets none, or a shape differs.
    """
    flat = {name: name.replace(".", "_") for name in own if name not in rules}
    same = {name: ours for name, ours in flat.items() if ours in op.weights}
    found = {}
    for name, rule in {**same, **rules}.items():
        if name not in own and all(given.get(used, 0) is None for used in used_by(rule)):
            continue
        if name not in own:
            raise InvalidMapping(f"weights names {name!r}{close(name, own)}, but {_holds(own)}")
        found[name] = array(op, name, rule, given)
        if tuple(found[name].shape) != tuple(own[name].shape):
            raise InvalidMapping(_misfit(name, rule, found[name], own[name]))
    used = {n for rule in {**same, **rules}.values() for n in used_by(rule)}
    lost = [name for name, value in given.items() if value is not None and name not in used]
    if lost:
        free = [n for n in own if n not in found]
        one = len(lost) == 1
        says = "a weight of the op, goes" if one else "weights of the op, go"
        shown = ", ".join(f"'…': {name!r}" for name in lost)
        raise InvalidMapping(
            f"{listed(map(repr, lost))}, {says} nowhere{close(lost[0], free)}: {_holds(own)}; "
            f"say which of these is {'it' if one else 'which'}, weights={{{shown}}}"
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


def takes_any(taken: Mapping[str, inspect.Parameter]) -> bool:
    """Return whether a callable takes any arguments by name."""
    return any(p.kind is inspect.Parameter.VAR_KEYWORD for p in taken.values())


def used_by(rule: Rule) -> frozenset[str]:
    """Return the op's names that a rule uses."""
    if callable(rule):
        return frozenset(inspect.signature(rule).parameters)
    if not isinstance(rule, str):
        return frozenset()
    found = ARRAY.fullmatch(rule)
    try:
        return names(found[1] if found else rule)
    except ValueError as error:
        raise InvalidMapping(str(error)) from error


def _value(op: Op, name: str, rule: Rule, known: Mapping[str, Any]) -> Any:
    for used in used_by(rule):
        if used not in known:
            raise InvalidMapping(f"config, {name!r}: {_unknown(used, op, known)}")
    if callable(rule):
        return called(f"config, {name!r}", rule, {n: known[n] for n in used_by(rule)})
    if not isinstance(rule, str):
        return rule
    try:
        return evaluate(rule, known)
    except UnknownName as error:
        raise InvalidMapping(f"config, {name!r}: {_unknown(str(error), op, known)}") from error
    except Exception as error:  # an expression may divide by zero, or take the length of a number
        raise InvalidMapping(f"config, {name!r}: {rule!r} raised {told(error)}") from error


def called(where: str, rule: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Return what a function of the user's makes of the op's names.

    Raises:
        InvalidMapping: it raised; the message says in which line.
    """
    try:
        return rule(**given)
    except Exception as error:  # whatever a function of the user's raises
        says = f"{where}: the function raised {told(error)} ({users_line(error)})"
        raise InvalidMapping(says) from error


def array(op: Op, name: str, rule: Rule, given: Mapping[str, Any]) -> Any:
    """Return what a rule makes of the op's weights for the candidate's ``name``."""
    for used in used_by(rule):
        if used not in given:
            raise InvalidMapping(f"weights, {name!r}: {_unknown(used, op, given)}")
        if given[used] is None:
            raise InvalidMapping(
                f"it holds {name!r} where the case has no {used}: let config say so to it, as in "
                f"config={{'use_bias': {op.weights[used].optional!r}}}"
            )
    if callable(rule):
        return called(f"weights, {name!r}", rule, {n: given[n] for n in used_by(rule)})
    found = ARRAY.fullmatch(str(rule))
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
    return f"{op.id} has no {name!r}{close(name, known)}, but {', '.join(known) or 'nothing'}"


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence lists them: ``a, b and c``."""
    *most, last = list(words) or ["none"]
    return f"{', '.join(most)} and {last}" if most else last


def close(name: str, among: Iterable[str]) -> str:
    """Return the question whether a name that is like it was meant; empty where there is none."""
    found = get_close_matches(name, list(among), n=2, cutoff=0.5)
    return f" (did you mean {' or '.join(map(repr, found))}?)" if found else ""
