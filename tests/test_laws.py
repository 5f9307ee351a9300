"""Each law is written down where it belongs: its words in the spec, the rest in its own module."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, get_args

import pytest

from etalon import spec
from etalon.conformance import laws
from etalon.spec.words import LAWS


def module(name: str) -> Any:
    return importlib.import_module(f"{laws.__name__}.{name}")


def test_every_law_has_its_module() -> None:
    found = {name for _, name, _ in pkgutil.iter_modules(laws.__path__)}
    assert set(LAWS) <= found
    assert all(callable(module(name).judge) for name in LAWS)


@pytest.mark.parametrize("name", LAWS)
def test_a_law_says_nothing_of_itself_that_nobody_asks_for(name: str) -> None:
    said = {word for word, value in vars(module(name)).items() if value is True}
    assert said <= set(get_args(laws.Mark))


@pytest.mark.parametrize("mark", get_args(laws.Mark))
def test_each_mark_tells_laws_apart(mark: laws.Mark) -> None:
    assert {laws.marked(name, mark) for name in LAWS} == {True, False}


@pytest.mark.parametrize("name", LAWS)
def test_of_each_law_some_op_has_it(name: str) -> None:
    assert any(name in op.laws for op in spec.catalogue().values())


def test_what_a_law_says_of_itself_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not laws.marked("linearity", "NUMBERED")
    monkeypatch.setattr(module("linearity"), "NUMBERED", True, raising=False)
    assert laws.marked("linearity", "NUMBERED")
