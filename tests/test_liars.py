"""Every liar is caught, by the law that it breaks, and the honest adapter is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.subject import Subject
from etalon.reports.records import Verdict
from etalon.spec.model import LAWS
from liars.faults import LIARS, Liar, Lying
from liars.of_laws import ALONE

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


@pytest.mark.parametrize("name", ["bias dropped", "kernel times 1 + 1e-5"])
def test_verify_names_what_is_wrong(name: str, tmp_path: Path) -> None:
    liar = LIARS[NAMES.index(name)]
    command = [sys.executable, "-m", "etalon.conformance.commands.command_line", "verify", "torch"]
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
