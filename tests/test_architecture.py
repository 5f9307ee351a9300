"""The house rules of ARCHITECTURE.md, read off the sources.

No rule can be forgotten, since nobody has to remember it: which way imports run, what may import
a framework, where an adapter lives and what its docstring says, and that no tolerance is written.
An adapter imports nothing of another backend's. Keras may import
``etalon.backends.<framework>.glue`` of the framework that it computes with, and nothing else of
that package: glue has no formula.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from house import ADAPTING, FRAMEWORKS, MODULES, ROOT, module_name

OF_BACKEND = {
    "torch": {"torch"},
    "tensorflow": {"tensorflow"},
    "jax": {"jax", "jaxlib", "optax", "flax"},
    "keras": FRAMEWORKS,
}
CONTRACT = (
    "etalon.backends.adapters",
    "etalon.backends.hosting",
    "etalon.backends.package",
)
"""What a backend has to be: it is below all of them, and knows none."""
GLUE = "glue"
"""The module of a framework's package that has no formula: conversion, devices, gradients, the
precision of products. Keras computes with one of the frameworks, so it shares that one's glue, and
nothing else; adapters share nothing at all.
"""
FLOORS = (
    "arithmetic",
    "cases",
    "truths",
    "subjects",
    "laws",
    "programs",
    "judging",
    "characteristics",
    "candidates",
    "running",
    "ray",
    "commands",
)
"""The folders of ``conformance``, from the ground up: each stands on those before it alone."""
BESIDE = ("project_templates",)
"""The folders of ``conformance`` that stand on no other; the commands write what is in them."""


# Imports


def imports(module: str, path: Path, source: str) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever in it that happens."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=origin, names=names, level=level):
                base = ".".join(filter(None, (_parent(module, path, level), origin)))
                yield from (_imported(base, alias.name) for alias in names)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name
            case ast.Call(
                func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"),
                args=[ast.JoinedStr(values=parts), *_],
            ):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)


def _parent(module: str, path: Path, level: int) -> str:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return package.rsplit(".", level - 1)[0] if level else ""


def _imported(base: str, name: str) -> str:
    return f"{base}.{name}" if f"{base}.{name}" in MODULES else base


def forbidden(module: str, path: Path, source: str) -> list[str]:
    """Return the imports of a module that break a rule."""
    return [name for name in imports(module, path, source) if not allowed(module, name)]


def allowed(module: str, name: str) -> bool:
    """Say whether ``module`` may import ``name``."""
    _, part, backend, *_ = (*module.split("."), "", "")
    top = name.split(".")[0]
    if top in FRAMEWORKS:
        return part == "backends" and top in OF_BACKEND.get(backend, ())
    if top != "etalon":
        return part != "spec" or top in sys.stdlib_module_names
    match part:
        case "spec":
            return _within(name, "etalon.spec")
        case "backends":
            return _of_backends(module, backend, name)
        case "reports":
            shown = _within(name, "etalon.reports") or _within(name, "etalon.spec")
            return name == "etalon" or shown
        case "conformance":
            return downstairs(module, name)
    return True


def _of_backends(module: str, backend: str, name: str) -> bool:
    """Say whether a module of a backend may import a module of Etalon."""
    if name in CONTRACT or _within(name, "etalon.spec"):
        return True
    if module in CONTRACT or module.endswith(f".{GLUE}"):
        return False
    shared = {f"etalon.backends.{package}.{GLUE}" for package in ("*", *ADAPTING)}
    own = bool(backend) and _within(name, f"etalon.backends.{backend}")
    return name == "etalon.backends" or own or (backend == "keras" and name in shared)


def downstairs(module: str, name: str) -> bool:
    """Say whether an import stays on its floor of ``conformance``, or leads to a lower one."""
    if not _within(name, "etalon.conformance") or name == "etalon.conformance":
        return True
    mine, other = (each.split(".")[2] for each in (module, name))
    if mine in BESIDE or other in BESIDE:
        return mine == other or (mine, other) == ("commands", other)
    return FLOORS.index(other) <= FLOORS.index(mine)


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way(module: str) -> None:
    path = MODULES[module]
    assert forbidden(module, path, path.read_text("utf-8")) == []


def test_every_folder_of_conformance_has_its_floor() -> None:
    folders = {path.parent.name for path in (ROOT / "conformance").glob("*/*.py")}
    assert folders == {*FLOORS, *BESIDE}


def circle(sources: Mapping[str, str]) -> list[str]:
    """Return modules of which each imports the one before it, and the first is the last, too.

    ``sources`` are the modules by name. An import counts wherever in a module it stands, also in a
    function, or for types alone. Without a circle there are none.
    """
    graph = {
        module: {name for name in imports(module, MODULES[module], source) if name in sources}
        for module, source in sources.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


OF_CONFORMANCE = {
    module: path.read_text("utf-8")
    for module, path in MODULES.items()
    if _within(module, "etalon.conformance")
}


def test_no_modules_of_conformance_import_each_other_in_a_circle() -> None:
    assert len(OF_CONFORMANCE) > 50
    assert circle(OF_CONFORMANCE) == []


@pytest.mark.parametrize(
    "planted",
    [
        "from etalon.conformance.cases.case import Case",
        "def f():\n    from etalon.conformance.cases import call",
        "if TYPE_CHECKING:\n    from etalon.conformance.cases.call import call",
    ],
)
def test_a_circle_is_seen(planted: str) -> None:
    strata, case = (f"etalon.conformance.cases.{name}" for name in ("strata", "case"))
    found = circle({**OF_CONFORMANCE, strata: f"{OF_CONFORMANCE[strata]}\n{planted}\n"})
    assert {strata, case} <= set(found)


@pytest.mark.parametrize(
    ("place", "statement"),
    [
        ("spec/model.py", "import numpy"),
        ("spec/model.py", "from etalon import backends"),
        ("spec/model.py", "from ..conformance import truth"),
        ("backends/__init__.py", "from etalon.backends import numpy"),
        ("backends/numpy/regularizers.py", "import torch"),
        ("backends/torch/regularizers.py", "import etalon"),
        ("backends/torch/regularizers.py", "from etalon import conformance"),
        ("backends/torch/regularizers.py", "from ..numpy import losses"),
        ("backends/torch/regularizers.py", "def f():\n    from etalon.backends import numpy"),
        ("backends/torch/regularizers.py", "importlib.import_module('etalon.backends.numpy')"),
        ("backends/torch/regularizers.py", "import tensorflow.keras"),
        ("backends/torch/regularizers.py", "from etalon.backends.jax import glue"),
        ("backends/keras/__init__.py", "from etalon.backends.torch import losses"),
        ("backends/keras/__init__.py", "from etalon.backends.numpy import definition"),
        ("backends/keras/__init__.py", "import_module(f'etalon.backends.{framework}.losses')"),
        ("backends/torch/glue.py", "from etalon.backends.torch import losses"),
        ("backends/package.py", "from etalon.backends import BACKENDS"),
        ("reports/records.py", "from etalon.backends import BACKENDS"),
        ("reports/records.py", "from etalon.conformance import truth"),
        ("conformance/truths/values.py", "from jax import numpy"),
        ("src/etalon/__init__.py", "import torch"),
    ],
)
def test_an_import_the_other_way_is_seen(place: str, statement: str) -> None:
    module = module_name(Path(place.removeprefix("src/etalon/")))
    module = "etalon" if place.startswith("src") else module
    assert forbidden(module, Path(place), statement) != []


# What an import costs

IMPORT = """
import sys, time
start = time.perf_counter()
import etalon
seconds = time.perf_counter() - start
{then}
print(seconds)
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


def fresh(then: str = "") -> tuple[float, set[str]]:
    """Import Etalon in a new process; return how long that took, and what is imported at last."""
    run = subprocess.run(
        [sys.executable, "-c", IMPORT.format(then=then)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    seconds, imported = run.stdout.splitlines()
    return float(seconds), set(imported.split())


@pytest.mark.process
def test_importing_etalon_is_quick_and_imports_no_numpy() -> None:
    runs = [fresh() for _ in range(3)]
    assert runs[0][1] & {*FRAMEWORKS, "numpy", "hypothesis", "pytest"} == set()
    assert min(seconds for seconds, _ in runs) < 0.3


@pytest.mark.process
def test_catalogue_and_reference_import_no_framework() -> None:
    _, imported = fresh('etalon.catalogue(); etalon.reference("layers/dense")')
    assert "numpy" in imported
    assert imported & {*FRAMEWORKS, "hypothesis", "pytest"} == set()


# What ARCHITECTURE.md says

ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def named(text: str) -> set[str]:
    """Return the Python files that a text names in code."""
    return {found.strip("`/") for found in re.findall(r"`[\w/.<>]+\.py`", text)}


def test_every_file_that_the_architecture_names_is_there() -> None:
    rows = re.findall(r"^\| `(\w+)/` \| (.*) \|$", ARCHITECTURE, re.MULTILINE)
    assert {folder for folder, _ in rows} == set(FLOORS)
    missing = {
        f"conformance/{folder}/{name}"
        for folder, text in rows
        for name in named(text)
        if not (ROOT / "conformance" / folder / name).is_file()
    }
    files = {path.relative_to(ROOT).as_posix() for path in MODULES.values()}
    elsewhere = named(re.sub(r"^\|.*$", "", ARCHITECTURE, flags=re.MULTILINE))
    missing |= {
        name
        for name in elsewhere
        if "<" not in name and not any(f"/{file}".endswith(f"/{name}") for file in files)
        if not (ROOT / name).is_file()
    }
    assert missing == set()
