"""A backend that another package brings is judged as those that come with Etalon."""

from __future__ import annotations

from pathlib import Path

import pytest

from etalon.reports.records import AdapterCode, Verdict, read
from installing import etalon, install

pytestmark = pytest.mark.process

BACKEND = '''"""A backend that computes with NumPy."""

from contextlib import nullcontext

LACKS = {"cpu": ("float16", "bfloat16")}


def version():
    return "1.0"


def devices():
    return ("cpu",)


def placed(device):
    return nullcontext()


def from_numpy(array):
    return array.copy()


def to_numpy(tensor):
    return tensor
'''
NOTING = """
import os
import sys

with open("importers", "a") as file:
    print(os.environ.get("PYTEST_XDIST_WORKER", sys.argv[-1]), file=file)
"""
"""What tells who imports it: a worker, or what another process has as its last argument."""
ACTIVATIONS = '''"""Activations."""

import numpy as np

SLOPE = {slope}


def tanh(x):
    """native: numpy.tanh"""
    return np.tanh(x)


def relu(x, *, negative_slope=0.0, max_value=None, threshold=0.0):
    """composed: numpy.where"""
    y = np.where(x >= threshold, x, negative_slope * SLOPE * (x - threshold))
    return (y if max_value is None else np.minimum(y, max_value)).astype(x.dtype)
'''
DIVERGENCE = """
[[divergence]]
id = "loom-relu-slope"
nature = "defect"
laws = ["values", "special_values"]
when = "negative_slope != 0"
cases = ["{case}"]
versions = "1.0"
what = "The slope is too large."
"""


def loom(folder: Path, slope: float = 1, divergences: str = "", more: str = "") -> None:
    files = {
        "__init__.py": BACKEND + more,
        "activations.py": ACTIVATIONS.format(slope=slope),
        "divergences.toml": divergences,
    }
    install(folder, "loom", files, {"etalon.backends": "loom = loom"})


def verified(tmp_path: Path, op: str) -> tuple[int, dict[str, Verdict], str]:
    words = ("verify", "loom", "--op", op, "--profile", "smoke", "--dtype", "float32")
    done = etalon(*words, "--out", "out", "--workers", "1", path=tmp_path, cwd=tmp_path)
    records = list(read(tmp_path / "out/records/loom.jsonl"))
    found = {record.law: record for record in records if isinstance(record, Verdict)}
    assert [r.call for r in records if isinstance(r, AdapterCode)], done.stderr
    return done.returncode, found, done.stdout


def test_it_is_judged(tmp_path: Path) -> None:
    loom(tmp_path)
    status, verdicts, _ = verified(tmp_path, "activations/tanh")
    assert status == 0
    assert verdicts["values"].verdict == "conforms"
    assert verdicts["gradients"].reason == "takes no gradients"
    doctor = etalon("doctor", path=tmp_path, cwd=tmp_path)
    assert "loom" in doctor.stdout


def test_its_departures_fail_until_they_are_documented(tmp_path: Path) -> None:
    loom(tmp_path, slope=1.01)
    status, verdicts, said = verified(tmp_path, "activations/relu")
    (cluster,) = verdicts["values"].clusters
    assert (status, verdicts["values"].verdict) == (1, "fails")
    assert f"etalon replay {cluster.counterexample.case} --backend loom" in said
    assert "SLOPE = 1.01" in cluster.counterexample.script
    entry = DIVERGENCE.format(case=cluster.counterexample.case)
    (tmp_path / "loom/divergences.toml").write_text(entry)
    status, verdicts, said = verified(tmp_path, "activations/relu")
    assert (status, verdicts["values"].verdict) == (0, "diverges")
    assert "The slope is too large." in said


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import no_such_framework", "loom can't be imported: ModuleNotFoundError: No module"),
        (
            "def devices(): return ('cpu',)",
            "loom can't be imported: the package loom has no version",
        ),
        (BACKEND + "LACKS = ('float16',)", "loom can't be imported: LACKS of the package loom has"),
    ],
)
def test_one_that_can_not_be_imported(tmp_path: Path, source: str, says: str) -> None:
    install(tmp_path, "loom", {"__init__.py": source}, {"etalon.backends": "loom = loom"})
    done = etalon("verify", "loom", "--op", "tanh", path=tmp_path, cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith("etalon: " + says)
    assert len(done.stderr.splitlines()) == 1


def test_it_has_the_modes_that_it_declares(tmp_path: Path) -> None:
    loom(tmp_path)
    done = etalon("verify", "loom", "--mode", "compiled", path=tmp_path, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        3,
        "etalon: loom has no compiled mode: it runs eager\n",
    )


def test_it_does_not_replace_one_of_ours(tmp_path: Path) -> None:
    install(tmp_path, "loom", {"__init__.py": ""}, {"etalon.backends": "numpy = loom"})
    done = etalon(
        "verify",
        "numpy",
        *("--op", "tanh", "--profile", "smoke", "--law", "values"),
        path=tmp_path,
        cwd=tmp_path,
    )
    assert done.returncode == 0


def test_only_its_probe_and_workers_import_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    loom(tmp_path, more=NOTING)
    assert verified(tmp_path, "activations/tanh")[0] == 0
    assert (tmp_path / "importers").read_text().split() == ["loom", "gw0"]
