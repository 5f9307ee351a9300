"""The source of a function with all that it uses, so that it runs where Etalon is not."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Any


@dataclass
class Source:
    """Imports, constants, functions and namespaces, each text once, in the order of their use.

    What comes from the package of a function that was asked for is taken over as source; all else
    is imported.

    Functions are told apart by module and name. Those that were asked for come last, after the
    namespaces: a layer may have the name of the activation that it calls.
    """

    imports: dict[str, None] = field(default_factory=dict)
    constants: dict[str, None] = field(default_factory=dict)
    helpers: dict[tuple[str, str], str] = field(default_factory=dict)
    namespaces: dict[str, None] = field(default_factory=dict)
    asked: dict[tuple[str, str], str] = field(default_factory=dict)
    packages: set[str] = field(default_factory=set)

    def takes(self, module: str | None) -> bool:
        """Return whether what stands in a module is taken over as source."""
        return (module or "").split(".")[0] in self.packages

    @property
    def needed(self) -> str:
        """What the functions that were asked for need beside the imports."""
        parts = [*self.helpers.values(), *self.namespaces]
        return "\n".join([*self.constants, "", "", "\n\n\n".join(parts)]).strip("\n")

    @property
    def definitions(self) -> str:
        """What comes after the imports."""
        return "\n\n\n".join([self.needed, *self.asked.values()]).strip("\n")


def extracted(functions: Iterable[Callable[..., Any]]) -> Source:
    """Return the source of functions of backends, with the functions that they call."""
    asked = [inspect.unwrap(function) for function in functions]
    packages = {(function.__module__ or "").split(".")[0] for function in asked}
    source = Source(packages=packages)
    for function in asked:
        _add(source, function, source.asked)
    return source


def _add(source: Source, function: Any, among: dict[tuple[str, str], str]) -> None:
    key = (function.__module__, function.__name__)
    if key in source.helpers or key in source.asked:
        return
    among[key], used = _read(function)
    _use_all(source, used, sys.modules[function.__module__])


@lru_cache(maxsize=512)
def _read(function: Any) -> tuple[str, tuple[str, ...]]:
    """Return the source of a function, and the names that it uses."""
    text = textwrap.dedent(inspect.getsource(function)).strip()
    return text, tuple(_names(ast.parse(text)))


def _use_all(source: Source, used: Iterable[str], module: ModuleType) -> None:
    for name in used:
        if hasattr(module, name):
            _use(source, name, module)


def _use(source: Source, name: str, module: ModuleType) -> None:
    value = getattr(module, name)
    function = inspect.unwrap(value) if callable(value) else None  # as where results are kept
    if isinstance(value, ModuleType) and source.takes(value.__name__):
        members = [f for f in vars(value).values() if _defined_in(f, value)]
        for member in members:
            _add(source, member, source.helpers)
        entries = ", ".join(f"{member.__name__}={member.__name__}" for member in members)
        source.imports["import types"] = None
        source.namespaces[f"{name} = types.SimpleNamespace({entries})"] = None
    elif isinstance(value, ModuleType):
        alias = "" if name == value.__name__ else f" as {name}"
        source.imports[f"import {value.__name__}{alias}"] = None
    elif isinstance(function, FunctionType) and source.takes(function.__module__):
        _add(source, function, source.helpers)
    elif hasattr(value, "__module__") and hasattr(value, "__name__"):
        source.imports[f"from {value.__module__} import {value.__name__}"] = None
    else:
        _add_constant(source, name, module)


def _add_constant(source: Source, name: str, module: ModuleType) -> None:
    """Add a constant as it is written; one that is made of functions comes after them."""
    for node in _statements(module):
        match node:
            case ast.ImportFrom(module=str() as origin) if name in {a.name for a in node.names}:
                _add_constant(source, name, sys.modules[origin])
            case (
                ast.Assign(targets=[ast.Name(id=found)]) | ast.AnnAssign(target=ast.Name(id=found))
            ) if found == name and node.value:
                used = tuple(_names(node.value))
                _use_all(source, used, module)
                made = any(callable(getattr(module, n, None)) for n in used)
                place = source.namespaces if made else source.constants
                place[f"{name} = {ast.unparse(node.value)}"] = None


@lru_cache(maxsize=64)
def _statements(module: ModuleType) -> tuple[ast.stmt, ...]:
    return tuple(ast.parse(inspect.getsource(module)).body)


def _defined_in(value: Any, module: ModuleType) -> bool:
    function = inspect.unwrap(value) if callable(value) else None
    return isinstance(function, FunctionType) and function.__module__ == module.__name__


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a function uses when it runs: those in annotations are not."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.Name):
                yield child.id
            if isinstance(child, ast.AST):
                yield from _names(child)
