"""What must hold: the catalogue, read off the modules of this folder."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from types import ModuleType

from etalon.spec.model import EDITIONS, KINDS, Op

__all__ = ["Op", "catalogue", "find", "in_edition", "select"]


class UnknownOp(LookupError):
    """No entry of the catalogue is called so; the message offers what is close."""


@cache
def catalogue() -> dict[str, Op]:
    """Return all ops by id, kinds in the order of the design, ids in alphabetical order."""
    found = [op for module in _modules(__name__, __path__) for op in _entries(module)]
    found.sort(key=lambda op: (KINDS.index(op.kind), op.id))
    return {op.id: op for op in found}


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


def _modules(package: str, path: list[str]) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(path, prefix=f"{package}."):
        yield importlib.import_module(info.name)


def _entries(module: ModuleType) -> Iterator[Op]:
    place = module.__name__.removeprefix(f"{__name__}.")
    for value in vars(module).values():
        if isinstance(value, Op) and not value.module:
            yield dataclasses.replace(value, module=place)
