"""`etalon check`: whatever is done to its process comes to a sentence or a verdict."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from command import Ended, Run
from etalon.reports.records import Run as Described
from etalon.reports.records import Verdict, read

pytestmark = pytest.mark.process

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
SOURCES = {
    "mine": MINE,
    "leaving": "import sys\n\nsys.exit(5)\n",
    "dying": "import os\n\nos._exit(5)\n",
}
HEAD = "does not compute what activations/tanh specifies, on numpy"
Check = Callable[..., Ended]


@pytest.fixture
def check(etalon: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return the command, called where its processes can import what is written here."""
    for name, text in SOURCES.items():
        (tmp_path / f"{name}.py").write_text(text)
    paths = (str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))

    def checked(made: str, *words: str, op: str = "tanh") -> Ended:
        common = ("--op", op, "--backend", "numpy", "--profile", "smoke", "--dtype", "float32")
        return etalon("check", made, *common, *words)

    return checked


@pytest.mark.parametrize("name", ["right", "prints"])
def test_what_is_right_ends_with_0(check: Check, tmp_path: Path, name: str) -> None:
    done = check(f"mine:{name}")
    assert done.status == 0, done.err
    assert done.out.startswith(f"{name} computes what activations/tanh specifies, on numpy")
    head, *verdicts = read(tmp_path / f"etalon-report/records/check-{name}.jsonl")
    assert isinstance(head, Described)
    assert head.cells == len(verdicts)
    assert {v.backend for v in verdicts if isinstance(v, Verdict)} == {name}


def test_inputs_are_handed_over_by_what_is_said(check: Check) -> None:
    only = [f"--only={name}" for name in ("reduction=sum_over_batch_size", "masked=false")]
    words = (*only, "--only=weighted=false", "--law=values", "--law=sample_weights")
    given = ("--inputs=guess=y_pred", "--inputs=wanted=y_true")
    done = check("mine:product", *words, *given, op="losses/hinge")
    assert done.status == 1, done.err
    (again,) = {line.strip() for line in done.out.splitlines() if "again: " in line}
    assert "--inputs guess=y_pred --inputs wanted=y_true" in again
    assert "sample_weights     float32 ∅ not judged: yours takes no sample_weight" in done.out


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("negated", "✗ values, float32: y: far beyond the bound in"),
        ("raises", "refused a valid call: RuntimeError: not today"),
        ("text", "it returned str, which is no array of numpy"),
        ("several", "returned 2 results, wanted 1: y"),
        ("exits", "it ended the process with sys.exit(3)"),
        ("hangs", "it did not return within 4 s, and is not called again"),
        ("dies", "⚡ the process ended with status 7, in values float32"),
    ],
)
def test_what_is_wrong_ends_with_1(check: Check, name: str, says: str) -> None:
    done = check(f"mine:{name}", "--timeout", "4")
    assert done.status == 1, done.err
    assert done.out.startswith(f"{name} {HEAD}")
    assert says in done.out
    assert "Traceback" not in done.out + done.err
    if "again: " in done.out:
        (again,) = {line.strip() for line in done.out.splitlines() if "again: " in line}
        assert again.startswith(f"again: etalon check mine:{name} --op activations/tanh")


def test_a_case_is_judged_again(check: Check) -> None:
    case = "activations/tanh:float32:normal:x1.0:s0:shape=4x"
    done = check("mine:negated", "--case", case)
    assert done.status == 1
    assert "beyond the bound in 1 of 1 cases" in done.out
    assert check("mine:right", "--case", case).status == 0
    done = check("mine:dies", "--case", case)
    assert (done.status, done.out) == (1, "mine:dies ended the process\n")


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
    check: Check, made: str, words: tuple[str, ...], says: str
) -> None:
    done = check(made, *words)
    assert (done.status, done.out) == (2, ""), done.err
    assert says in done.err
    assert len(done.err.splitlines()) == 1


def test_what_is_wrong_when_it_is_tried_is_not_imported_by_the_run(
    check: Check, tmp_path: Path
) -> None:
    slow = "import time\n\nopen('imports', 'a').write('.')\ntime.sleep(3)\nraise ValueError\n"
    (tmp_path / "slow.py").write_text(slow)
    done = check("slow:f")
    assert (done.status, done.out) == (2, ""), done.err
    assert (tmp_path / "imports").read_text() == "."
    assert list((tmp_path / "etalon-report" / "records").glob(".*.trying")) == []
