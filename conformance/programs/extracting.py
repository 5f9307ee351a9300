"""The source of a function with all that it uses, so that it runs where Etalon is not."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

OURS = "etalon."


@dataclass
class Source:
    """Imports, constants, functions and namespaces, each text once, in the order of their use."""

    imports: dict[str, None] = field(default_factory=dict)
    constants: dict[str, None] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    namespaces: dict[str, None] = field(default_factory=dict)

    @property
    def definitions(self) -> str:
        """What comes after the imports."""
        parts = [*self.functions.values(), *self.namespaces]
        return "\n".join([*self.constants, "", "", "\n\n\n".join(parts)]).lstrip("\n")


def extracted(functions: Iterable[Callable[..., Any]]) -> Source:
    """Return the source of functions of Etalon's backends, with the functions that they call."""
    source = Source()
    for function in functions:
        _add(source, inspect.unwrap(function))
    return source


def _add(source: Source, function: Any) -> None:
    name = function.__name__
    if name in source.functions:
        return
    text = textwrap.dedent(inspect.getsource(function)).strip()
    source.functions[name] = text
    known = function.__globals__
    for used in _names(ast.parse(text).body[0]):
        if used in known:
            _use(source, used, known[used])


def _use(source: Source, name: str, value: Any) -> None:
    if isinstance(value, ModuleType) and value.__name__.startswith(OURS):
        members = [f for f in vars(value).values() if _defined_in(f, value)]
        for member in members:
            _add(source, member)
        entries = ", ".join(f"{member.__name__}={member.__name__}" for member in members)
        source.imports["import types"] = None
        source.namespaces[f"{name} = types.SimpleNamespace({entries})"] = None
    elif isinstance(value, ModuleType):
        alias = "" if name == value.__name__ else f" as {name}"
        source.imports[f"import {value.__name__}{alias}"] = None
    elif isinstance(value, FunctionType) and value.__module__.startswith(OURS):
        _add(source, value)
    elif hasattr(value, "__module__") and hasattr(value, "__name__"):
        source.imports[f"from {value.__module__} import {value.__name__}"] = None
    else:
        source.constants[f"{name} = {value!r}"] = None


def _defined_in(value: Any, module: ModuleType) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == module.__name__


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
