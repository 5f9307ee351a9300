"""What an adapter says of itself is what it does: the calls it names are in its code."""

from __future__ import annotations

import ast

import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.commands.show import adapter_source
from source_code import dotted

FRAMEWORKS = ("torch", "tensorflow", "jax")
OPS = list(spec.catalogue().values())


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("op", OPS, ids=[op.id for op in OPS])
def test_the_calls_an_adapter_names_are_made(framework: str, op: spec.Op) -> None:
    source = adapter_source(BACKENDS[framework], op)
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    first = (ast.get_docstring(function) or "").splitlines()[0]
    kind, _, named = first.partition(": ")
    assert kind in ("native", "composed")
    made = {dotted(node) for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    missing = {name for name in named.split(", ") if name not in made}
    assert not missing, f"{op.id} on {framework} names {missing}, which it does not call"
