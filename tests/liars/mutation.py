"""Mutants: every adapter and every definition with one small change at one place.

They are made of the sources alone, by every operator of :mod:`liars.operators` at every place,
without importing a framework. What several ops share is mutated for one of them: the first of its
own module, or else of the catalogue.
"""

from __future__ import annotations

import ast
import importlib
import marshal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import ndiff
from functools import cache
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Any

from etalon import backends, spec
from etalon.spec.model import Op
from liars.operators import OPERATORS

Place = tuple[str, str]
"""A module of a backend, and a name in it: ``("layers.core", "affine")``."""

NOT_MUTATED = (ast.arguments, ast.Raise, ast.pattern, ast.expr_context)
"""Signatures, whose defaults no case reaches; what errors say; what is matched against."""

AROUND = 24
"""How many characters are shown on both sides of a change."""


@dataclass(frozen=True)
class Mutant:
    """One change: ``operator`` applied to ``name`` in ``module``, for the ``ordinal``-th time."""

    backend: str
    op: str
    module: str
    name: str
    operator: str
    ordinal: int
    was: str
    """The definition as it was."""
    now: str
    """The definition as it is now."""
    source: str
    """The mutated module."""

    @property
    def id(self) -> str:
        """``numpy:layers/conv2d:windows:swapped:1``."""
        return f"{self.backend}:{self.op}:{self.name}:{self.operator}:{self.ordinal}"

    @property
    def change(self) -> str:
        """What was there, an arrow, and what is there now."""
        return _change(self.was, self.now)

    def adapter(self) -> Callable[..., Any]:
        """Return the lying adapter, from private copies of the modules that it is made of."""
        op = spec.find(self.op)
        home = _executed(self.backend, self.module, self.source)
        if self.module != op.module:
            source = _sources(self.backend)[op.module]
            user = _executed(self.backend, op.module, ast.unparse(source))
            for local, (module, name) in _imported(self.backend, source).items():
                if module == self.module:
                    setattr(user, local, getattr(home, name))
            home = user
        function: Callable[..., Any] = getattr(home, op.function)
        return function


@cache
def mutants(backend: str) -> tuple[Mutant, ...]:
    """Return all mutants of a backend, by op, then in the order of the sources."""
    found = [
        mutant
        for op, places in _shares(backend).items()
        for place in places
        for mutant in _mutants_at(backend, op, place)
    ]
    return tuple({(mutant.op, mutant.source): mutant for mutant in reversed(found)}.values())[::-1]


def _mutants_at(backend: str, op: str, place: Place) -> Iterator[Mutant]:
    """Yield the mutants of a definition; only its own text is written and compiled for each."""
    module = _sources(backend)[place[0]]
    definition = _definitions(module)[place[1]]
    texts = [ast.unparse(statement) for statement in module.body]
    at, ordinals = module.body.index(definition), Counter[str]()
    was = texts[at]
    code = _code(was)
    for operator in mutations(definition):
        ordinals[operator] += 1
        now = ast.unparse(definition)
        if _code(now) != code:
            source = "\n".join([*texts[:at], now, *texts[at + 1 :]])
            yield Mutant(backend, op, *place, operator, ordinals[operator], was, now, source)


def mutations(node: ast.AST) -> Iterator[str]:
    """Make each change to the tree in place, yield its operator's name, and take it back."""
    for owner, field, index, part in _parts(node):
        for name, operator in OPERATORS.items():
            for variant in operator(part):
                _put(owner, field, index, variant)
                yield name
                _put(owner, field, index, part)


def _parts(owner: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield every node below ``owner`` that may be mutated, and where it stands."""
    for field, value in ast.iter_fields(owner):
        for index, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
            mutable = isinstance(part, ast.AST) and not isinstance(part, NOT_MUTATED)
            if mutable and field not in ("returns", "annotation", "decorator_list"):
                yield owner, field, index, part
                yield from _parts(part)


def _put(owner: ast.AST, field: str, index: int | None, part: ast.AST) -> None:
    if index is None:
        setattr(owner, field, part)
    else:
        getattr(owner, field)[index] = part


def _code(source: str) -> bytes:
    return marshal.dumps(compile(source, "<mutant>", "exec"))


def _change(before: str, after: str) -> str:
    """Return what was and what is now, joined by an arrow, with a little of what stands around."""
    lines = list(ndiff(before.splitlines(), after.splitlines()))
    was, now = (" ".join(ln[2:].strip() for ln in lines if ln[:2] == sign) for sign in ("- ", "+ "))
    start = max(_alike(was, now) - AROUND, 0)
    end = max(_alike(was[:start:-1], now[:start:-1]) - AROUND, 0)
    shown = (text[start : len(text) - end] for text in (was, now))
    return " → ".join(f"{'…' if start else ''}{text}{'…' if end else ''}" for text in shown)


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin alike with."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


@cache
def _sources(backend: str) -> Mapping[str, ast.Module]:
    """Return the syntax trees of a backend's modules, by name: ``layers.core``."""
    root = Path(backends.__file__).parent / backend
    files = [path for path in sorted(root.rglob("*.py")) if path.name != "__init__.py"]
    return {
        ".".join(path.relative_to(root).with_suffix("").parts): ast.parse(path.read_text("utf-8"))
        for path in files
    }


def _definitions(module: ast.Module) -> dict[str, ast.stmt]:
    """Return the functions and the constants of a module."""
    found: dict[str, ast.stmt] = {}
    for node in module.body:
        match node:
            case ast.FunctionDef(name=name):
                found[name] = node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
                found[name] = node
    return found


def _imported(backend: str, module: ast.Module) -> dict[str, Place]:
    """Return what a module has from other modules of its backend, by its local name."""
    package = f"etalon.backends.{backend}."
    return {
        alias.asname or alias.name: (node.module.removeprefix(package), alias.name)
        for node in module.body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(package)
        for alias in node.names
    }


def _uses(backend: str, place: Place) -> set[Place]:
    """Return a place, and all that it calls or reads in its backend, however far."""
    found, waiting = set[Place](), [place]
    while waiting:
        module, name = waiting.pop()
        source = _sources(backend).get(module)
        known = _definitions(source) if source else {}
        if source is None or name not in known or (module, name) in found:
            continue
        found.add((module, name))
        reach = {**{own: (module, own) for own in known}, **_imported(backend, source)}
        named = {part.id for part in ast.walk(known[name]) if isinstance(part, ast.Name)}
        waiting += [reach[local] for local in sorted(named & set(reach))]
    return found


def _shares(backend: str) -> dict[str, list[Place]]:
    """Return which places are mutated for which op: each for one."""
    users: dict[Place, list[Op]] = {}
    for op in spec.catalogue().values():
        for place in _uses(backend, (op.module, op.function)):
            users.setdefault(place, []).append(op)
    shares: dict[str, list[Place]] = {op: [] for op in spec.catalogue()}
    for place, ops in sorted(users.items()):
        own = [op for op in ops if op.module == place[0]]
        named = [op for op in own if op.function == place[1]]
        shares[(named or own or ops)[0].id].append(place)
    return shares


def _executed(backend: str, module: str, source: str) -> ModuleType:
    package = importlib.import_module(f"etalon.backends.{backend}")
    private = ModuleType(f"{package.__name__}.{module}")
    exec(compile(source, f"<mutant of {private.__name__}>", "exec"), vars(private))
    return private
