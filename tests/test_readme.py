"""The README is true: its Python runs, its case replays, and its commands exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np

from etalon.conformance.candidates import check
from etalon.conformance.cases.case import parse
from etalon.conformance.commands.main import app
from etalon.spec.words import LAWS

TEXT = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_python_block_runs() -> None:
    block, _ = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), names)
    value, bound = np.asarray(names["value"]), np.asarray(names["bound"])
    assert value.shape == bound.shape == (2, 2)
    assert (bound > 0).all()


def test_the_case_is_a_case() -> None:
    cases = re.findall(r"etalon replay (\S+:\S+)", TEXT)
    assert cases
    assert all(parse(case).id == case for case in cases)


def test_the_commands_exist() -> None:
    known = {
        command.name or command.callback.__name__.strip("_")
        for command in app.registered_commands
        if command.callback is not None
    }
    assert set(re.findall(r"^etalon ([\w-]+)", TEXT, flags=re.MULTILINE)) == known


def test_the_table_of_laws_has_all_of_them() -> None:
    _, table = TEXT.split("| law | in words |", 1)
    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE) == list(LAWS)


def test_the_check_is_asked_for_as_it_can_be() -> None:
    _, block = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    (test,) = (node for node in ast.parse(block).body if isinstance(node, ast.FunctionDef))
    (call,) = (node for node in ast.walk(test) if isinstance(node, ast.Call))
    given = {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg}
    request = check.asked(lambda: None, **given)
    assert set(given["only"]) <= set(request.op.config)
    assert set(given["weights"].values()) <= set(request.op.weights)
