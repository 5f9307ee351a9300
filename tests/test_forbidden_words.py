"""Words that no source may have: tolerances, and names of backends to compare with."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import etalon.backends
from house import FRAMEWORKS, MODULES, PARTS, ROOT

TOLERANCES = frozenset({"rtol", "atol", "allclose", "assert_allclose", "isclose", "approx"})

# No tolerances


def tolerances(source: str) -> set[str]:
    """Return the names in a source that stand for a tolerance somebody chose."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME} & TOLERANCES


def test_no_tolerance_is_written_anywhere() -> None:
    folders = (*PARTS, "src", "tests", "docs")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert Path(__file__) in sources
    found = {str(path): tolerances(path.read_text("utf-8")) for path in sources}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source", ["f(x, rtol=1e-6)", "np.allclose(x, y)", "from pytest import approx"]
)
def test_a_tolerance_is_seen(source: str) -> None:
    assert tolerances(source) != set()


# Nobody knows a backend by its name

CALLED = ("startswith", "endswith", "removeprefix", "partition", "split")
"""Methods that look for a text within a name."""


def named(source: str) -> set[str]:
    """Return the names of backends, or pieces of them, that a source compares something with."""
    found: set[object] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Compare(left=left, comparators=right):
                found |= {c.value for side in (left, *right) for c in _constants(side)}
            case ast.MatchValue(value=ast.Constant(value=value)):
                found.add(value)
            case ast.Call(func=ast.Attribute(attr=attr), args=args) if attr in CALLED:
                found |= {c.value for arg in args for c in _constants(arg)}
    names = (*etalon.backends.BACKENDS, *FRAMEWORKS)
    return {f for f in found if isinstance(f, str) and f.strip("-") in names}


def _constants(node: ast.AST) -> Iterator[ast.Constant]:
    return (n for n in (node, *ast.iter_child_nodes(node)) if isinstance(n, ast.Constant))


@pytest.mark.parametrize("module", MODULES)
def test_no_name_of_a_backend_is_compared_with(module: str) -> None:
    """What is different about one says its :class:`Backend`, or its package."""
    assert named(MODULES[module].read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "source",
    [
        'name.startswith("keras-")',
        'name.startswith(("jax", "keras"))',
        '"jax" in subject.name',
        'backend != "numpy"',
        'backend in ("torch", "tensorflow")',
        'match backend:\n    case "torch":\n        pass',
    ],
)
def test_a_comparison_with_a_name_is_seen(source: str) -> None:
    assert named(source) != set()
