"""`etalon check`: whatever is done to its process comes to a sentence or a verdict."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from etalon.reports.records import Run, Verdict, read
from installing import etalon

MINE = '''"""An activation, and ways to get it wrong."""

import os
import sys
import time

import numpy as np


def right(x):
    return np.tanh(x)


def product(guess, wanted):
    return np.mean(1 - guess * wanted)


def prints(x):
    print("A" * 1_000_000)
    return np.tanh(x)


def negated(x):
    return -np.tanh(x)


def raises(x):
    raise RuntimeError("not today")


def text(x):
    return "hello"


def several(x):
    return np.tanh(x), x


def exits(x):
    sys.exit(3)


def dies(x):
    os._exit(7)


def hangs(x):
    while True:
        time.sleep(0.05)


class Layer:
    pass
'''
HEAD = "does not compute what activations/tanh specifies, on numpy"


def check(
    tmp_path: Path, made: str, *words: str, op: str = "tanh"
) -> subprocess.CompletedProcess[str]:
    (tmp_path / "mine.py").write_text(MINE)
    common = ("--op", op, "--backend", "numpy", "--profile", "smoke", "--dtype", "float32")
    return etalon("check", made, *common, *words, path=tmp_path, cwd=tmp_path)


@pytest.mark.parametrize("name", ["right", "prints"])
def test_what_is_right_ends_with_0(tmp_path: Path, name: str) -> None:
    done = check(tmp_path, f"mine:{name}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{name} computes what activations/tanh specifies, on numpy")
    head, *verdicts = read(tmp_path / f"etalon-report/records/check-{name}.jsonl")
    assert isinstance(head, Run)
    assert head.cells == len(verdicts)
    assert {v.backend for v in verdicts if isinstance(v, Verdict)} == {name}


def test_inputs_are_handed_over_by_what_is_said(tmp_path: Path) -> None:
    only = [f"--only={name}" for name in ("reduction=sum_over_batch_size", "masked=false")]
    words = (*only, "--only=weighted=false", "--law=values", "--law=sample_weights")
    given = ("--inputs=guess=y_pred", "--inputs=wanted=y_true")
    done = check(tmp_path, "mine:product", *words, *given, op="losses/hinge")
    assert done.returncode == 1, done.stderr
    (again,) = {line.strip() for line in done.stdout.splitlines() if "again: " in line}
    assert "--inputs guess=y_pred --inputs wanted=y_true" in again
    assert "sample_weights     float32 ○ not judged: yours takes no sample_weight" in done.stdout


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("negated", "✗ values, float32: y: far beyond the bound in"),
        ("raises", "refused a valid call: RuntimeError: not today"),
        ("text", "it returned str, which is no array of numpy"),
        ("several", "returned 2 results, wanted 1: y"),
        ("exits", "it ended the process with sys.exit(3)"),
        ("hangs", "it did not return within 1 s, and is not called again"),
        ("dies", "⚡ the process ended with status 7, in values float32"),
    ],
)
def test_what_is_wrong_ends_with_1(tmp_path: Path, name: str, says: str) -> None:
    done = check(tmp_path, f"mine:{name}", "--timeout", "1")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(f"{name} {HEAD}")
    assert says in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    if "again: " in done.stdout:
        (again,) = {line.strip() for line in done.stdout.splitlines() if "again: " in line}
        assert again.startswith(f"again: etalon check mine:{name} --op activations/tanh")


def test_a_case_is_judged_again(tmp_path: Path) -> None:
    case = "activations/tanh:float32:normal:x1.0:s0:shape=4x"
    done = check(tmp_path, "mine:negated", "--case", case)
    assert done.returncode == 1
    assert "beyond the bound in 1 of 1 cases" in done.stdout
    assert check(tmp_path, "mine:right", "--case", case).returncode == 0
    done = check(tmp_path, "mine:dies", "--case", case)
    assert (done.returncode, done.stdout) == (1, "mine:dies ended the process\n")


@pytest.mark.parametrize(
    ("made", "words", "says"),
    [
        ("mine", (), "'mine' is no path of an object: write package.module:name"),
        ("nosuch:f", (), "nosuch can't be imported: ModuleNotFoundError: No module named 'nosuch'"),
        ("leaving:f", (), "leaving can't be imported: SystemExit: 5"),
        ("dying:f", (), "dying:f ended the process with status 5 when it was imported"),
        ("mine:rigth", (), "mine has no rigth: did you mean right?"),
        ("mine:Layer", (), "Layer as activations/tanh: Layer is a class, but none of numpy's"),
        ("mine:np.pi", (), "it is of type float, which can't be called"),
        ("mine:right", ("--config", "x"), "--config takes yours=ours, not 'x'"),
        ("mine:right", ("--config", "y=x"), "config names 'y'"),
        ("mine:right", ("--only", "y=1"), "only: activations/tanh has no 'y'"),
        ("mine:right", ("--inputs", "y=x"), "inputs names 'y'"),
        ("mine:right", ("--inputs", "x=y"), "inputs, 'x': activations/tanh has no input 'y'"),
        ("mine:right", ("--law", "murphy"), "no law is called 'murphy'"),
        ("mine:right", ("--case", "nonsense"), "not a case id: 'nonsense'"),
        ("mine:right", ("--out", "mine.py/within"), "can't write into mine.py/within"),
    ],
)
def test_a_wrong_call_gets_one_sentence(
    tmp_path: Path, made: str, words: tuple[str, ...], says: str
) -> None:
    (tmp_path / "leaving.py").write_text("import sys\n\nsys.exit(5)\n")
    (tmp_path / "dying.py").write_text("import os\n\nos._exit(5)\n")
    done = check(tmp_path, made, *words)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_is_wrong_when_it_is_tried_is_not_imported_by_the_run(tmp_path: Path) -> None:
    slow = "import time\n\nopen('imports', 'a').write('.')\ntime.sleep(3)\nraise ValueError\n"
    (tmp_path / "slow.py").write_text(slow)
    done = check(tmp_path, "slow:f")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert (tmp_path / "imports").read_text() == "."
    assert list((tmp_path / "etalon-report" / "records").glob(".*.trying")) == []
