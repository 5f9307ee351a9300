"""What is wrong with an entry: asked of those that other packages bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from etalon.spec.expressions import names
from etalon.spec.model import Op
from etalon.spec.words import EDITIONS, KINDS, STRATA


class InvalidEntry(ValueError):
    """An entry is not one; the message says which, and what is wrong with it."""


REFERENCE = "numpy"
"""The key of the reference among the functions of an entry."""


def validate(op: Op) -> Op:
    """Return the entry; raise :class:`InvalidEntry` with the first thing that is wrong with it."""
    for problem in problems(op):
        raise InvalidEntry(f"{op.id}: {problem}")
    return op


def problems(op: Op) -> Iterator[str]:
    """Yield what is wrong with an entry, in a sentence each."""
    kind, _, name = op.id.partition("/")
    if kind not in KINDS:
        yield f"an id is kind/name, and the kinds are {', '.join(KINDS)}"
    if not name.split("@")[0].isidentifier():
        yield f"{name!r} can't be the name of a function"
    if op.edition not in EDITIONS:
        yield f"no edition is called {op.edition!r}: there are {', '.join(EDITIONS)}"
    if REFERENCE not in op.functions:
        yield f"functions has no {REFERENCE!r}, which names the reference"
    for stratum in set(op.strata) - set(STRATA):
        yield f"no stratum is called {stratum!r}: there are {', '.join(STRATA)}"
    numbers = [constraint.id for constraint in op.constraints]
    if numbers != [f"C{i}" for i, _ in enumerate(numbers, 1)]:
        yield f"constraints are numbered C1, C2, … in their order, not {', '.join(numbers)}"
    yield from _unknown(op)
    yield from _symmetries(op)


def _symmetries(op: Op) -> Iterator[str]:
    """Yield what the laws of an entry need of it, and it does not have."""
    known = {*op.config, *op.dims}
    needed: Mapping[str, Iterable[str]] = {
        "independent": {op.batch} if op.independent else (),
        "exchangeable": op.exchangeable,
        "translates": {*op.translates, "strides"} if op.translates else (),
        "state": {"training"} if op.state else (),
        "a metric": {"splits"} if op.kind == "metrics" else (),
    }
    for where, wanted in needed.items():
        for name in sorted({*wanted} - known):
            yield f"{where} needs {name!r}, which is in neither config nor dims"
    for where, named, there in (
        ("linear_in", op.linear_in, op.tensors),
        ("state", op.state, op.weights),
        ("state", op.state, op.outputs),
    ):
        for name in named:
            if name not in there:
                yield f"{where} names {name!r}, but there are {', '.join(there) or 'none'}"


def _unknown(op: Op) -> Iterator[str]:
    """Yield the expressions that use names which the entry does not declare."""
    known = {*op.config, *op.dims, "data_format"}
    of_lists = {"size", "index"}
    for where, expression in _expressions(op).items():
        try:
            unknown = sorted(names(expression) - known - of_lists)
        except ValueError as error:
            yield f"{where}: {error}"
            continue
        if unknown:
            yield f"{where} uses {', '.join(unknown)}, which is in neither config nor dims"


def _expressions(op: Op) -> Mapping[str, str]:
    """Return the expressions of an entry by where they stand."""
    tensors = {**op.tensors, **{f"output {name}": each for name, each in op.outputs.items()}}
    shapes = {
        f"the shape of {name}, {token!r},": token.removeprefix("*")
        for name, tensor in tensors.items()
        for shape in filter(None, (tensor.shape, tensor.channels_first))
        for token in shape.split()
    }
    rules = {f"the rule of {c.id}": c.rule for c in op.constraints if c.rule}
    optional = {f"optional of {n}": t.optional for n, t in op.tensors.items() if t.optional}
    holds = {
        "independent": op.independent,
        "linear": op.linear,
        **{f"exchangeable {dim!r}": rule for dim, rule in op.exchangeable.items()},
        **{f"translates {dim!r}": rule for dim, rule in op.translates.items()},
    }
    return {**shapes, **rules, **optional, **{n: rule for n, rule in holds.items() if rule}}
