"""An entry that another package brings is judged as those of the catalogue."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import etalon
from etalon import spec
from etalon.spec.model import Choice, Constraint, Op, tensor
from installing import etalon as command
from installing import install

EXAMPLE = Path(__file__).parent.parent / "examples" / "etalon-gated-linear"
DOUBLED = Op(
    id="activations/doubled",
    keras="",
    source="this test",
    formula="y = 2 x",
    inputs={"x": tensor("*shape")},
    outputs={"y": tensor("*shape")},
    dims={"shape": Choice((3,), (2, 2))},
    batch="shape",
    differentiable=True,
    functions={"numpy": "test_provided_specs:doubled"},
)


def doubled(x: Any) -> Any:
    return 2 * x


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget afterwards what a test adds to the catalogue."""
    monkeypatch.setattr(spec, "_added", {})
    spec.catalogue.cache_clear()
    yield
    monkeypatch.undo()
    spec.catalogue.cache_clear()


@pytest.mark.process
def test_the_example_is_judged_in_each_framework(tmp_path: Path) -> None:
    described = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))
    points = described["project"]["entry-points"]["etalon.specs"]
    (line,) = (f"{name} = {place}" for name, place in points.items())
    install(tmp_path, "installed", {}, {"etalon.specs": line})
    (tmp_path / "gated_linear").symlink_to(EXAMPLE / "gated_linear")
    shown = command("show", "layers/gated_linear", path=tmp_path, cwd=tmp_path).stdout
    assert "logsigmoid(x @ gate / temperature)" in shown
    options = ("--op", "layers/gated_linear", "--profile", "smoke", "--dtype", "float32")
    # JAX compiles all that it computes: one law shows that the entry's function is found.
    for names, words in {("numpy", "torch"): (), ("jax",): ("--law", "values")}.items():
        there = [name for name in names if importlib.util.find_spec(name)]
        if not there:
            continue
        done = command("verify", *there, *options, *words, path=tmp_path, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "✗" not in done.stdout


@pytest.mark.usefixtures("catalogue")
def test_an_entry_is_passed_directly() -> None:
    options: dict[str, Any] = {"op": DOUBLED, "backend": "numpy", "profile": "smoke"}
    verdicts = etalon.check(doubled, **options)
    assert {v.verdict for v in verdicts if v.law == "values"} == {"conforms"}
    assert etalon.catalogue()["activations/doubled"].formula == "y = 2 x"
    with pytest.raises(AssertionError, match="beyond the bound"):
        etalon.check(lambda x: 2.001 * x, **options)
    with pytest.raises(AssertionError, match=r"etalon\.check\(function, …, case="):
        etalon.check(lambda x: 2.001 * x, **options)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": "cakes/doubled"}, "an id is kind/name, and the kinds are layers, activations"),
        ({"id": "layers/dense"}, "layers/dense is in the catalogue already: Keras 3"),
        ({"functions": {}}, "functions has no 'numpy', which names the reference"),
        ({"strata": ("normal", "mild")}, "no stratum is called 'mild': there are normal, ties"),
        ({"inputs": {"x": tensor("rows")}}, "the shape of x, 'rows', uses rows, which is in neith"),
        ({"inputs": {"x": tensor("a.b")}}, "the shape of x, 'a.b', uses a, which is in neither"),
        (
            {"constraints": (Constraint(id="C2", says="", names=()),)},
            "constraints are numbered C1, C2, … in their order, not C2",
        ),
        (
            {"constraints": (Constraint(id="C1", says="", names=(), rule="rate > 0"),)},
            "the rule of C1 uses rate, which is in neither config nor dims",
        ),
        ({"linear": "yes ("}, "linear: not an expression: 'yes ('"),
    ],
)
def test_what_is_no_entry_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(spec.InvalidEntry, match=re.escape(says)):
        spec.add(dataclasses.replace(DOUBLED, **changes))


@pytest.mark.usefixtures("catalogue")
def test_our_own_entries_would_pass_but_for_their_functions() -> None:
    from etalon.spec.entry_check import problems

    for op in spec.catalogue().values():
        found = list(problems(dataclasses.replace(op, functions={"numpy": "a:b"})))
        assert found == [], op.id


@pytest.mark.process
@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import no_such_module", "the entries of broken can't be read: ModuleNotFoundError"),
        (
            "from etalon.spec.model import Op\n"
            "OP = Op(id='layers/dense', keras='', source='', formula='', outputs={})",
            "layers/dense of broken is in the catalogue already",
        ),
    ],
)
def test_a_package_whose_entries_can_not_be_used(tmp_path: Path, source: str, says: str) -> None:
    install(tmp_path, "broken", {"__init__.py": source}, {"etalon.specs": "broken = broken"})
    done = command("list", path=tmp_path, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
