"""What must hold: the catalogue, read off the modules of this folder.

Another package adds entries by an entry point of the group ``etalon.specs``, which names a module
that holds them, or in Python by :func:`add`.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from etalon.spec.entry_check import InvalidEntry, validate
from etalon.spec.model import Op
from etalon.spec.words import EDITIONS, KINDS

__all__ = ["InvalidEntry", "Op", "add", "catalogue", "find", "in_edition", "select"]

ENTRY_POINTS = "etalon.specs"
"""The group of entry points by which a package adds entries to the catalogue."""

_added: dict[str, Op] = {}


class UnknownOp(LookupError):
    """No entry of the catalogue is called so; the message offers what is close."""


@cache
def catalogue() -> dict[str, Op]:
    """Return all ops by id, kinds in the order of the design, ids in alphabetical order.

    Raises:
        InvalidEntry: another package brings something that is no entry, or is there already.
    """
    found = {op.id: op for module in _modules(__name__, __path__) for op in _entries(module)}
    for op in (*_provided(), *_added.values()):
        if op.id in found:
            raise InvalidEntry(f"{op.id} of {op.module} is in the catalogue already")
        found[op.id] = validate(op)
    ordered = sorted(found.values(), key=lambda op: (KINDS.index(op.kind), op.id))
    return {op.id: op for op in ordered}


def add(op: Op) -> Op:
    """Add an entry to the catalogue of this process; return it as the catalogue has it.

    Raises:
        InvalidEntry: something is wrong with it, or another entry has its id.
    """
    known = catalogue().get(op.id)
    if known is not None and dataclasses.replace(known, module=op.module) == op:
        return known
    if known is not None and op.id not in _added:
        raise InvalidEntry(f"{op.id} is in the catalogue already: {known.source}")
    _added[op.id] = dataclasses.replace(validate(op), module=op.module or _ELSEWHERE)
    catalogue.cache_clear()
    return catalogue()[op.id]


def find(name: str) -> Op:
    """Return the op with this id, alias, Keras name, or unambiguous bare name, the first of these.

    Behind ``@keras2`` stands the older edition's meaning, behind ``kind/`` that kind's. The name
    of a loss without its kind is not that of the metric, which is its mean.
    """
    ops = catalogue()
    if name in ops:
        return ops[name]
    bare, _, edition = name.partition("@")
    kind, _, bare = bare.rpartition("/")
    matching = [
        op
        for op in ops.values()
        if op.edition == (edition or EDITIONS[0]) and kind in ("", op.kind)
        if bare in (op.name, op.keras, *op.aliases)
    ]
    of_losses = [op for op in matching if op.kind != "metrics"]
    matching = matching if kind else of_losses or matching
    named = [op for op in matching if bare in (op.keras, *op.aliases)]  # relu is not ReLU
    for candidates in (named, matching):
        if len(candidates) == 1:
            return candidates[0]
    raise UnknownOp(_no_such(name, [op.id for op in matching]))


def in_edition(edition: str) -> list[Op]:
    """Return the catalogue as an edition has it: today's entry where no older one differs."""
    own = {op.id.split("@")[0]: op for op in catalogue().values() if op.edition == edition}
    today = (op for op in catalogue().values() if op.edition == EDITIONS[0])
    return [own.pop(op.id, op) for op in today] + list(own.values())


def select(glob: str, edition: str = EDITIONS[0]) -> list[Op]:
    """Return the ops of an edition whose id matches a glob, with its edition or without.

    Raises:
        UnknownOp: there is none, and the glob is no other name of an op either.
    """
    ops = [
        op
        for op in in_edition(edition)
        if fnmatchcase(op.id, glob) or fnmatchcase(op.id.split("@")[0], glob)
    ]
    return ops or [find(glob)]


def _no_such(name: str, candidates: list[str]) -> str:
    if candidates:
        return f"{name!r} is ambiguous: {', '.join(candidates)}"
    close = get_close_matches(name, catalogue(), n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(close)}?" if close else "`etalon list` shows them all"
    return f"no op matches {name!r}: {hint}"


_ELSEWHERE = "elsewhere"
"""The module of an entry that was added in Python: nothing of ours is found there."""


def _provided() -> Iterator[Op]:
    """Yield the entries of other packages."""
    for point in entry_points(group=ENTRY_POINTS):
        try:
            module = point.load()
        except Exception as error:  # whatever a module of somebody's raises
            said = f"{type(error).__name__}: {error}"
            raise InvalidEntry(f"the entries of {point.value} can't be read: {said}") from error
        for value in vars(module).values():
            if isinstance(value, Op):
                yield dataclasses.replace(value, module=module.__name__)


def _modules(package: str, path: list[str]) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(path, prefix=f"{package}."):
        yield importlib.import_module(info.name)


def _entries(module: ModuleType) -> Iterator[Op]:
    place = module.__name__.removeprefix(f"{__name__}.")
    for value in vars(module).values():
        if isinstance(value, Op) and not value.module:
            yield dataclasses.replace(value, module=place)
