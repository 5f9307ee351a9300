"""The examples of backends keep to the rules of ours, and can be read without their libraries."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import etalon
from etalon.conformance.judging import divergences
from source_code import dotted

EXAMPLES = Path(__file__).parents[1] / "examples"
PACKAGES = {"tinygrad": "etalon_tinygrad", "array-api-strict": "etalon_array_api_strict"}
REQUIRED = {"version", "devices", "placed", "from_numpy", "to_numpy"}
ADAPTERS = {(op.module, op.function): op.id for op in etalon.catalogue().values()}
NAMES = {name for _, name in ADAPTERS}
PLACES = {module for module, _ in ADAPTERS}


def folder(backend: str) -> Path:
    """Return the folder of an example's package."""
    return EXAMPLES / f"etalon-{backend}" / PACKAGES[backend]


def functions(backend: str) -> dict[tuple[str, str], ast.FunctionDef]:
    """Return the functions at the top of an example's modules, by module and name."""
    found = {}
    for path in folder(backend).rglob("*.py"):
        module = ".".join(path.relative_to(folder(backend)).with_suffix("").parts)
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found[module, node.name] = node
    return found


@pytest.mark.parametrize("backend", PACKAGES)
def test_it_is_a_package_with_the_functions_of_a_backend(backend: str) -> None:
    found = {name for module, name in functions(backend) if module == "__init__"}
    assert found >= REQUIRED


@pytest.mark.parametrize("backend", PACKAGES)
def test_its_entry_point_names_its_package(backend: str) -> None:
    project = tomllib.loads((folder(backend).parent / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["name"] == f"etalon-{backend}"
    assert project["project"]["entry-points"] == {"etalon.backends": {backend: PACKAGES[backend]}}
    assert set(project["project"]["dependencies"]) == {"nn-etalon", backend}


@pytest.mark.parametrize("backend", PACKAGES)
def test_it_covers_at_least_forty_ops(backend: str) -> None:
    assert len(functions(backend).keys() & ADAPTERS.keys()) >= 40


@pytest.mark.parametrize("backend", PACKAGES)
def test_each_function_lies_where_its_op_is_declared(backend: str) -> None:
    assert {
        name: module
        for module, name in functions(backend)
        if module in PLACES
        if name in NAMES and (module, name) not in ADAPTERS
    } == {}


@pytest.mark.parametrize("backend", PACKAGES)
def test_each_adapter_names_the_calls_that_it_makes(backend: str) -> None:
    for place, node in functions(backend).items():
        if place not in ADAPTERS:
            continue
        kind, _, named = (ast.get_docstring(node) or "").splitlines()[0].partition(": ")
        made = {dotted(inner) for inner in ast.walk(node)}
        assert kind in ("native", "composed"), place
        assert set(named.split(", ")) <= made, place


@pytest.mark.parametrize("backend", PACKAGES)
def test_what_it_documents_is_of_ops_that_it_has(backend: str) -> None:
    entries = divergences._entries(folder(backend) / "divergences.toml")
    has = {ADAPTERS[place] for place in functions(backend) if place in ADAPTERS}
    assert entries
    assert all(entry.ops <= has for entry in entries)
    assert all(entry.id.startswith(f"{backend}-") for entry in entries)
