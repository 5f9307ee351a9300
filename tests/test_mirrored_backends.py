"""Who knows a file of the spec knows where each backend's adapters of it are."""

from __future__ import annotations

import ast

import pytest

import etalon
from house import ADAPTING, ROOT, module_name

MIRRORING = ("numpy", "torch", "tensorflow", "jax")
OP_MODULES = {op.module for op in etalon.catalogue().values()}
ADAPTERS = {(op.module, op.function) for op in etalon.catalogue().values()}


def op_file(module: str) -> str:
    """Return the place of an op module's file, in ``spec`` and in each backend."""
    return f"{module.replace('.', '/')}.py"


@pytest.mark.parametrize("backend", MIRRORING)
def test_backend_has_the_same_files_as_the_spec(backend: str) -> None:
    missing = {
        op_file(module)
        for module in OP_MODULES
        if not (ROOT / "backends" / backend / op_file(module)).is_file()
    }
    assert missing == set()


def top_level(source: str) -> dict[str, ast.stmt]:
    """Return what a source defines, assigns or imports at its top, by name."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found[name] = node
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                found |= {alias.asname or alias.name: node for alias in aliases}
            case ast.Assign(targets=targets):
                found |= {name.id: node for name in targets if isinstance(name, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = node
    return found


def undeclared(module: str, source: str) -> set[str]:
    """Return the adapters of a module that don't say how they compute: a function's docstring does.

    An alias has the docstring of what it stands for, so an adapter is always a function of its own.
    """
    adapters = {
        name: node for name, node in top_level(source).items() if (module, name) in ADAPTERS
    }
    return {name for name, node in adapters.items() if not _says_how(node)}


def _says_how(node: ast.stmt) -> bool:
    text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
    return (text or "").startswith(("native: ", "composed: "))


@pytest.mark.parametrize("backend", ADAPTING)
def test_every_adapter_says_how_it_computes(backend: str) -> None:
    files = {
        module: path
        for module in OP_MODULES
        if (path := ROOT / "backends" / backend / op_file(module)).is_file()
    }
    assert files
    found = {module: undeclared(module, path.read_text("utf-8")) for module, path in files.items()}
    assert {module: names for module, names in found.items() if names} == {}


@pytest.mark.parametrize("backend", MIRRORING)
def test_no_adapter_lies_where_nobody_looks_for_it(backend: str) -> None:
    folder = ROOT / "backends" / backend
    names = {name for _, name in ADAPTERS}
    astray = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in folder.rglob("*.py")
        for name, node in top_level(path.read_text("utf-8")).items()
        if name in names
        and isinstance(node, ast.FunctionDef)
        and (module_name(path.relative_to(folder)).removeprefix("etalon."), name) not in ADAPTERS
    }
    assert astray == set()


@pytest.mark.parametrize(
    "source",
    [
        'def dense(x):\n    """Dense."""',
        "def dense(x): ...",
        "dense = linear",
        "from torch.nn.functional import linear as dense",
    ],
)
def test_an_adapter_that_does_not_say_how_is_seen(source: str) -> None:
    assert undeclared("layers.core", source) == {"dense"}
