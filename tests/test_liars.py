"""Every liar is caught, by the law that it breaks, and the honest adapter is not."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.backends.numpy import definition
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import Verdict
from etalon.spec.words import LAWS
from liars.campaign import complaints, explanations
from liars.faults import LIARS, Liar, Lying
from liars.mutation import mutants, mutations
from liars.of_laws import ALONE
from liars.operators import OPERATORS
from liars.selection import MOST, TURNS, selected
from liars.trial import Kill, Trial, tried

NAMES = [liar.name for liar in LIARS]


class Caught(Lying):
    """NumPy with the fault of one test."""

    def __init__(self, fault: Liar) -> None:
        self.fault = fault
        super().__init__(BACKENDS[fault.backend])


def judged(subject: Subject, liar: Liar, dtype: str = "float32", law: str = "") -> Verdict:
    return Judge(subject, "quick", seed=7).verdict(
        Cell(liar.backend, liar.op, law or liar.law, dtype)
    )


@pytest.mark.parametrize("liar", LIARS, ids=NAMES)
def test_liar_is_caught(liar: Liar) -> None:
    verdict = judged(Caught(liar), liar)
    assert verdict.verdict == "fails", verdict
    found = verdict.clusters[0].counterexample
    assert liar.op in found.case
    assert found.command.endswith("--backend numpy")


@pytest.mark.parametrize("liar", LIARS, ids=NAMES)
def test_honest_adapter_is_not(liar: Liar) -> None:
    assert judged(Subject(BACKENDS["numpy"]), liar).verdict == "conforms"


@pytest.mark.parametrize("liar", ALONE, ids=[liar.law for liar in ALONE])
def test_only_its_law_catches(liar: Liar) -> None:
    found = {law: judged(Caught(liar), liar, law=law) for law in spec.find(liar.op).laws}
    assert {law for law, verdict in found.items() if verdict.verdict == "fails"} == {liar.law}


def test_every_law_has_a_liar_of_its_own() -> None:
    seen_elsewhere = {"values", "shape_and_dtype"}
    assert {liar.law for liar in ALONE} | seen_elsewhere == set(LAWS)


@pytest.mark.process
@pytest.mark.parametrize("name", ["bias dropped", "kernel times 1 + 1e-5"])
def test_verify_names_what_is_wrong(name: str, tmp_path: Path) -> None:
    liar = LIARS[NAMES.index(name)]
    command = [sys.executable, "-m", "etalon.conformance.commands.main", "verify", "torch"]
    options = ["--op", liar.op, "--law", "values", "--profile", "quick", "--out", str(tmp_path)]
    planted = ["--pytest=-p", "--pytest=liars.plant"]
    environment = {
        **os.environ,
        "ETALON_LIAR": name,
        "PYTHONPATH": str(Path(__file__).parent),
        "COLUMNS": "200",
    }
    done = subprocess.run(
        [*command, *options, *planted], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 1, done.stderr
    for part in (liar.op, "values", "torch", "float32", "wanted", "use_bias=", "y["):
        assert part in done.stdout


# Mutants


@pytest.mark.parametrize(
    ("operator", "honest", "liars"),
    [
        ("arithmetic", "return a * b", ["return a / b"]),
        ("boundary", "return a < b", ["return a <= b"]),
        ("direction", "return a == b", ["return a != b"]),
        ("constant", "return f(a, axis=-1)", ["return f(a, axis=0)", "return f(a, axis=-2)"]),
        ("constant", "return a + 1e-07", ["return a + 2e-07"]),
        ("truth-value", "return f(a, True)", ["return f(a, False)"]),
        ("connective", "return a and b", ["return a or b"]),
        ("sign", "return f(a)", ["return -f(a)", "return f(-a)"]),
        ("scale", "return a", ["return a * 1.01"]),
        ("dropped-keyword", "return f(a, b=1)", ["return f(a)"]),
        ("swapped", "return f(a, b)", ["return f(b, a)"]),
        ("sibling", "return np.mean(a)", ["return np.sum(a)"]),
        ("operand", "return a - b", ["return a", "return b"]),
        ("removed", "a += b", ["pass"]),
        ("branch", "return a if b else c", ["return a", "return c"]),
        ("shifted-slice", "return a[:b]", ["return a[1:b]"]),
        ("reversed-list", "return list(a)", ["return list(a)[::-1]"]),
    ],
)
def test_operator_makes_one_change(operator: str, honest: str, liars: list[str]) -> None:
    source = ast.parse(f"def f(a, b, c):\n    {honest}")
    made = [
        ast.unparse(source).splitlines()[-1].strip()
        for name in mutations(source)
        if name == operator
    ]
    assert made == liars
    assert ast.unparse(source).endswith(honest)


def test_mutants_have_names_of_their_own() -> None:
    names = [mutant.id for backend in set(TURNS) for mutant in mutants(backend)]
    assert len(set(names)) == len(names) > 2000


def test_selection_covers_every_op_and_operator() -> None:
    per_op = Counter(mutant.op for mutant in selected())
    assert set(per_op) == set(spec.catalogue())
    assert max(per_op.values()) <= MOST
    assert per_op.total() >= 150
    assert {mutant.operator for mutant in selected()} == set(OPERATORS)
    assert {mutant.backend for mutant in selected()} == set(TURNS)


def test_explanations_are_of_mutants_that_exist() -> None:
    assert set(explanations()) <= {mutant.id for mutant in selected()}


@pytest.mark.parametrize("op", ["layers/dense", "regularizers/l2"])
def test_mutants_are_killed_unless_explained(op: str) -> None:
    some = [mutant for mutant in selected() if mutant.backend == "numpy" and mutant.op == op]
    assert some
    for mutant in some:
        trial = tried(mutant, ["quick"])
        assert bool(trial.kills) != (mutant.id in explanations()), mutant.change
        assert not trial.blind, mutant.change


def test_what_two_modules_share_is_mutated_for_one_op() -> None:
    found = {mutant.op for mutant in mutants("numpy") if mutant.name == "same_padding"}
    assert len(found) == 1
    shared = next(mutant for mutant in mutants("numpy") if mutant.name == "same_padding")
    assert shared.adapter() is not definition(spec.find(shared.op))


def test_survivor_has_to_be_explained_and_the_killed_must_not_be() -> None:
    first, second = selected()[:2]
    free, killed = Trial(first), Trial(second, "quick", (Kill("values", "float32", "wrong"),))
    assert list(complaints([free, killed], {first.id: "the same"})) == []
    assert len(list(complaints([free, killed], {second.id: "the same"}))) == 2
    assert len(list(complaints([free, killed], {first.id: "", "no such": ""}))) == 1
