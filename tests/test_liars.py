"""Every liar is caught, by the law that it breaks, and the honest adapter is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etalon.backends import BACKENDS
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.subject import Subject
from etalon.reports.records import Verdict
from liars.faults import LIARS, Liar, Lying

NAMES = [liar.name for liar in LIARS]


class Caught(Lying):
    """NumPy with the fault of one test."""

    def __init__(self, fault: Liar) -> None:
        self.fault = fault
        super().__init__(BACKENDS["numpy"])


def judged(subject: Subject, liar: Liar, dtype: str = "float32") -> Verdict:
    return Judge(subject, "quick", seed=7).verdict(Cell("numpy", liar.op, liar.law, dtype))


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
