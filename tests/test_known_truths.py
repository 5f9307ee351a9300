"""A truth is computed once for all runs, and what is read is what would have been computed."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import platformdirs
import pytest

from command import Run
from etalon import spec
from etalon.backends.numpy import activations, definition
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Precision, precision
from etalon.conformance.candidates.order import Order
from etalon.conformance.cases.case import Case, parse
from etalon.conformance.judging.sampling import sample
from etalon.conformance.laws import gradients
from etalon.conformance.running import run_plan
from etalon.conformance.running.request import Request
from etalon.conformance.truths.fingerprint import Sources
from etalon.conformance.truths.gradients import Coordinate
from etalon.conformance.truths.known import kept
from etalon.conformance.truths.values import known_truth, truth
from etalon.reports.records import Record, Verdict, read
from etalon.reports.records import Run as Described
from etalon.spec.words import GRADIENTS, VALUES

F32, F64 = precision("float32"), precision("float64")
DENSE = sample(spec.find("layers/dense"), VALUES, "float32", "smoke", 0)[0]
TANH = parse("activations/tanh:float32:normal:x1.0:s1:shape=4x")

pytestmark = pytest.mark.usefixtures("cache")


def asked(case: Case = DENSE, working: Precision = F32) -> tuple[Bounded, ...]:
    return known_truth(case, case.arguments(), working)


def bits(numbers: tuple[Bounded, ...]) -> list[tuple[Any, ...]]:
    """Return all that two truths have to have in common."""
    return [
        (type(array), array.dtype, array.shape, array.tobytes(), part.precision)
        for part in numbers
        for array in (part.value, part.bound)
    ]


def files(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


# What is read is what would be computed


def everything() -> Iterator[tuple[Case, Precision]]:
    for op, dtype in itertools.product(spec.catalogue().values(), ("float32", "float64")):
        if VALUES in op.laws:
            for case in sample(op, VALUES, dtype, "smoke", 0)[:2]:
                yield case, precision(dtype)


def test_every_truth_is_read_to_the_bit(computed: list[Case]) -> None:
    with kept(adding=True):
        written = [asked(case, working) for case, working in everything()]
    assert len(computed) == len(written) > 500
    with kept(adding=True):
        found = [asked(case, working) for case, working in everything()]
    assert len(computed) == len(written)
    assert [bits(one) for one in found] == [bits(one) for one in written]


def test_every_gradient_is_read_to_the_bit(cache: Path) -> None:
    ops = [op for op in spec.catalogue().values() if GRADIENTS in op.laws]
    cases = [sample(op, GRADIENTS, "float64", "smoke", 0)[0] for op in ops]
    cases = [case for case in cases if gradients._question(case).leaves]

    def places(case: Case) -> tuple[Coordinate, ...]:
        return gradients._question(case).coordinates

    def found() -> list[Any]:
        of = gradients._truth.__wrapped__
        with kept(adding=True):
            return [bits((of(case, definition(case.op), F64, places(case)),)) for case in cases]

    first, there = found(), files(cache)
    assert len(there) == len(cases) > 100
    assert found() == first
    assert files(cache) == there


def timeless(record: Record) -> Record:
    """Return a record without what no two runs have in common."""
    if isinstance(record, Described):
        return msgspec.structs.replace(record, started="")
    if isinstance(record, Verdict):
        return msgspec.structs.replace(record, seconds=0.0)
    return record


@pytest.mark.process
def test_records_are_the_same_with_the_truths_of_another_backend(
    etalon: Run, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = ("--op", "layers/dense", "--profile", "smoke", "--dtype", "float32", "--workers", 2)

    def recorded(backend: str, out: str) -> list[bytes]:
        etalon("verify", backend, *chosen, "--out", out)
        found = read(tmp_path / out / "records" / f"{backend}.jsonl")
        return sorted(msgspec.json.encode(timeless(record)) for record in found)

    recorded("keras-torch", "first")
    there = files(cache)
    found = recorded("torch", "second")
    assert files(cache) == there != {}
    monkeypatch.setenv("ETALON_CACHE", os.devnull)
    assert recorded("torch", "third") == found
    assert sum(b'"record":"verdict"' in line for line in found) > 8


# What would be another one is not read


@pytest.mark.parametrize(
    "other",
    [
        lambda: asked(replace(DENSE, seed=DENSE.seed + 1)),
        lambda: asked(replace(DENSE, op=replace(DENSE.op, kinks=("0",)))),
        lambda: asked(DENSE, precision("float32", "tf32")),
        lambda: asked(DENSE, F64),
        lambda: known_truth(DENSE, one_bit_off(DENSE), F32),
    ],
    ids=["case", "entry", "mode", "format", "arguments"],
)
def test_another_question_has_another_truth(
    other: Callable[[], object], computed: list[Case]
) -> None:
    with kept(adding=True):
        asked()
        other()
        assert len(computed) == 2
        asked()
        other()
    assert len(computed) == 2


def one_bit_off(case: Case) -> dict[str, Any]:
    arguments = case.arguments()
    array = np.array(arguments["x"])
    array.flat[-1] = np.nextafter(array.flat[-1], np.float32(np.inf))
    return {**arguments, "x": array}


def test_other_code_is_not_served_an_old_truth(
    monkeypatch: pytest.MonkeyPatch, computed: list[Case]
) -> None:
    for fingerprint in ("one", "other", "one"):
        monkeypatch.setattr(Sources, "fingerprint", fingerprint)
        with kept(adding=True):
            asked()
    assert len(computed) == 2


def test_another_definition_is_not_served_the_truth_of_the_reference(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    with kept(adding=True):
        honest = bits(asked(TANH))
    there = files(cache)
    monkeypatch.setattr(activations, "tanh", lambda x: x + x)
    with kept(adding=True):
        assert bits(asked(TANH)) == bits(truth(TANH, TANH.arguments(), F32)) != honest
    assert files(cache) == there != {}  # what it calls, nobody knows
    monkeypatch.setattr(activations, "tanh", activations.sigmoid)
    with kept(adding=True):
        assert bits(asked(TANH)) == bits(truth(TANH, TANH.arguments(), F32)) != honest


def test_of_another_packages_op_nothing_is_kept(cache: Path) -> None:
    """Even where its definition is made by a function of the reference."""
    named = {"numpy": "etalon.backends.numpy.activations:tanh"}
    with kept(adding=True):
        asked(replace(TANH, op=replace(TANH.op, functions=named)))
    assert files(cache) == {}


def test_other_sources_have_another_fingerprint(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text("1")
    sources = Sources([code])
    first = sources.fingerprint
    assert Sources([code]).fingerprint == first
    assert sources.unchanged()
    code.write_text("2")
    assert Sources([code]).fingerprint != first
    assert not sources.unchanged()


IMPORTED = """
import sys
from etalon import spec
from etalon.backends.numpy import definition
from etalon.conformance.truths import gradients, values
from etalon.conformance.truths.fingerprint import Sources
for op in spec.catalogue().values():
    definition(op)
files = {str(path) for path in Sources().files}
own = {name: module for name, module in sys.modules.items() if name.startswith("etalon")}
print(*sorted(name for name, module in own.items() if module.__file__ not in files))
"""


OTHERS = {
    *("etalon", "etalon.backends", "etalon.conformance"),
    "etalon.backends.package",
}
"""The modules by which no truth is computed: what holds packages, and what a backend has to be."""


@pytest.mark.process
def test_all_code_that_a_truth_is_computed_by_is_in_the_fingerprint() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True)
    assert set(done.stdout.split()) == OTHERS, done.stderr


def test_code_that_is_changed_while_it_runs_is_not_trusted(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    with kept(adding=True):
        asked()
    there = files(cache)
    with monkeypatch.context() as patch, kept(adding=True):
        patch.setattr(Sources, "unchanged", lambda self: False)
        asked(TANH)
        asked(DENSE)
    with monkeypatch.context() as patch:
        patch.setattr(Sources, "older", lambda self, start: False)
        with kept(adding=True):
            asked(TANH)
    assert files(cache) == there != {}
    with kept(adding=True):
        asked(TANH)
    assert files(cache) != there


# Who adds what, and where


def test_where_nobodys_home_is_known_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ETALON_CACHE")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: Path("~", ".cache", name))
    with kept(adding=True):
        asked()
    assert files(tmp_path) == {}


def test_outside_of_a_run_nothing_is_kept(cache: Path) -> None:
    asked()
    assert files(cache) == {}


def test_who_only_reads_adds_nothing(computed: list[Case], cache: Path) -> None:
    with kept(adding=True):
        asked()
    there = files(cache)
    with kept(adding=False):
        asked()
        asked(TANH)
    assert computed == [DENSE, TANH]
    assert files(cache) == there != {}


def test_beside_somebodys_own_code_truths_are_only_read() -> None:
    ours = Request(("torch",), Path())
    order = Order(made="mine:dense", op="layers/dense", backend="torch")
    assert not run_plan.foreign(ours)
    assert run_plan.foreign(replace(ours, candidate=order))
