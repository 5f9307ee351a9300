"""The commands as people call them: what they print, and the status they end with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from command import Run
from etalon.backends import BACKENDS, Backend
from etalon.conformance.commands import doctor
from etalon.conformance.running import request
from etalon.reports.records import Characteristic, Verdict, encode, read
from etalon.reports.records import Run as Described
from test_records import run, verdict

CASE = (
    "layers/dense:float32:normal:x1.0:s42:"
    "units=3,use_bias=true,activation=relu,batch=2x3,features=4"
)


def test_list_and_show(etalon: Run) -> None:
    assert "layers/conv2d" in etalon("list").out
    assert "layers/conv2d" not in etalon("list", "--kind", "losses").out
    entries = json.loads(etalon("list", "--json").out)
    assert {"optimizers/adam", "layers/dropout"} <= {entry["id"] for entry in entries}
    shown = etalon("show", "mse")
    assert shown.status == 0
    for part in ("losses/mean_squared_error", "C1", "torch", "mse_loss", "tf.", "jnp."):
        assert part in shown.out
    assert json.loads(etalon("show", "layers/dense", "--json").out)[0]["id"] == "layers/dense"


def test_show_has_the_evidence_and_the_pitfalls(etalon: Run, tmp_path: Path) -> None:
    records = tmp_path / "torch.jsonl"
    records.write_bytes(encode(run()) + encode(verdict(op="activations/elu", cases=1240)))
    shown = etalon("show", "elu", "--records", str(records))
    assert "✓ torch 2.13.0: 1,240 cases, the conforming ones reach 0.5 of the bound" in shown.out
    assert "≠ tensorflow, " in shown.out
    assert "1,240" not in etalon("show", "elu").out
    missing = etalon("show", "elu", "--records", str(tmp_path / "none"))
    assert missing.status == 2
    assert "none: can't be read" in missing.err


@pytest.mark.process
def test_doctor_shows_what_is_here(etalon: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Backend("absent", "etalon.backends.absent", ("no_such_package",))
    broken = Backend("broken", "etalon.backends.broken")
    found = {"numpy": BACKENDS["numpy"], "absent": absent}
    monkeypatch.setattr(doctor, "BACKENDS", found)
    seen = etalon("doctor")
    assert seen.status == 0
    assert "numpy" in seen.out
    assert "no_such_package not installed" in seen.out
    assert broken.missing() == ()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("verify", "numpy", "--op", "layers/nosuch*"), 2, "no op matches 'layers/nosuch*'"),
        (("verify", "theano"), 2, "no backend is called 'theano': there are numpy, torch"),
        (("verify", "numpy", "--law", "murphy"), 2, "no law is called 'murphy'"),
        (("verify", "numpy", "--dtype", "int4"), 2, "no dtype is called 'int4'"),
        (("verify", "numpy", "--profile", "hasty"), 2, "no profile is called 'hasty'"),
        (("verify", "numpy", "--device", "tpu"), 2, "no device is called 'tpu'"),
        pytest.param(
            *(("verify", "numpy", "--device", "gpu"), 3, "numpy can't be judged on a gpu here"),
            marks=pytest.mark.process,
        ),
        (("verify", "numpy", "--workers", "0"), 2, "workers"),
        (("verify", "numpy", "--out", "file/within"), 2, "can't write into file/within"),
        (("show", "layers/convd"), 2, "did you mean layers/conv"),
        (("list", "--kind", "cakes"), 2, "no kind is called 'cakes'"),
        (("replay", "nonsense", "--backend", "numpy"), 2, "not a case id: 'nonsense'"),
        (("replay", CASE, "--backend", "theano"), 2, "no backend is called 'theano'"),
        (("replay", CASE), 2, "backend"),
        (("report", "nowhere"), 2, "nowhere: can't be read"),
        (("report", "file"), 2, "file, line 1: not a record"),
        (("report",), 2, "RECORDS"),
        (("frobnicate",), 2, "No such command 'frobnicate'"),
        (("verify", "--frobnicate"), 2, "--frobnicate"),
    ],
)
def test_a_wrong_call_gets_one_sentence(
    etalon: Run, words: tuple[str, ...], status: int, says: str
) -> None:
    Path("file").write_text("not a record\n", encoding="utf-8")
    ended = etalon(*words)
    assert ended.status == status
    assert ended.out == ""
    assert says in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert Path("file").read_text(encoding="utf-8") == "not a record\n"


def test_a_backend_that_is_not_installed(etalon: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Backend("torch", "etalon.backends.torch", ("no_such_package",), extra="torch")
    monkeypatch.setattr(request, "BACKENDS", {**BACKENDS, "torch": absent})
    ended = etalon("verify", "torch")
    assert ended.status == 3
    assert "torch can't be judged here, no_such_package not installed" in ended.err
    assert "pip install 'nn-etalon[torch]'" in ended.err


def verdicts(path: Path) -> list[Verdict]:
    return [record for record in read(path, partial=True) if isinstance(record, Verdict)]


def facts(path: Path) -> set[Characteristic]:
    found = [record for record in read(path) if isinstance(record, Characteristic)]
    assert len(found) == len(set(found))
    return set(found)


def timeless(path: Path) -> list[Verdict]:
    return sorted(
        (msgspec.structs.replace(verdict, seconds=0.0) for verdict in verdicts(path)),
        key=lambda verdict: (verdict.op, verdict.law, verdict.dtype),
    )


@pytest.mark.process
def test_verify_is_repeatable_resumable_and_parallel(etalon: Run) -> None:
    chosen = ("--op", "activations/*softmax", "--profile", "smoke", "--seed", 3)
    words = ("verify", "numpy", "--workers", 1, *chosen)
    first = etalon(*words, "--out", "a")
    assert first.status == 0, first.err
    assert "numpy: 50 conforms, 26 unsupported, 4 skipped in" in first.err
    whole = timeless(Path("a/records/numpy.jsonl"))
    assert etalon(*words, "--out", "b").status == 0
    assert timeless(Path("b/records/numpy.jsonl")) == whole
    assert etalon(*words, "--out", "c", "--workers", 2).status == 0
    assert timeless(Path("c/records/numpy.jsonl")) == whole
    measured = facts(Path("a/records/numpy.jsonl"))
    assert {fact.op for fact in measured} == {verdict.op for verdict in whole}
    assert facts(Path("c/records/numpy.jsonl")) == measured

    records = Path("b/records/numpy.jsonl")
    lines = records.read_bytes().splitlines(keepends=True)
    records.write_bytes(b"".join(lines[:5]) + lines[5][:40])
    kept = verdicts(records)
    assert etalon(*words, "--out", "b", "--resume").status == 0
    assert timeless(records) == whole
    assert verdicts(records)[:4] == kept
    assert etalon(*words, "--out", "b", "--resume").status == 0
    assert timeless(records) == whole
    assert facts(records) == measured
    other = etalon(*words[:-1], 4, "--out", "b", "--resume")
    assert other.status == 2
    assert "began with --profile smoke --seed 3: it can't go on with others" in other.err


@pytest.mark.process
def test_nothing_judged_is_status_3(etalon: Run) -> None:
    ended = etalon("verify", "numpy", "--op", "layers/dense", "--pytest=-k", "--pytest=nosuch")
    assert ended.status == 3
    assert "nothing was judged" in ended.err


@pytest.mark.process
def test_report_from_records(etalon: Run) -> None:
    assert etalon("verify", "numpy", "--op", "regularizers/*", "--profile", "smoke").status == 0
    ended = etalon("report", "etalon-report/records")
    assert ended.status == 0, ended.err
    assert "regularizers/l2" in Path("etalon-report/index.html").read_text(encoding="utf-8")
    assert etalon("report", "etalon-report/records", "--out", "file/x.html").status in (0, 2)


def test_replay_shows_both_sides(etalon: Run) -> None:
    ended = etalon("replay", CASE, "--backend", "numpy")
    assert ended.status == 0, ended.err
    for part in ("values holds", "reference", "backend", "bound", "units = 3", "x: (2, 3, 4)"):
        assert part in ended.out
    assert etalon("replay", f"{CASE}:breaks=C1", "--backend", "numpy").status == 0


@pytest.mark.process
def test_no_settings_of_the_caller_reach_into_a_run(etalon: Run) -> None:
    Path("pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    words = ("verify", "numpy", "--op", "regularizers/l2", "--profile", "smoke")
    assert etalon(*words).status == 0
    assert not Path(".hypothesis").exists()
    assert {path.name for path in Path.cwd().iterdir()} == {"pytest.ini", "etalon-report"}


@pytest.mark.process
@pytest.mark.parametrize(
    ("deed", "says"),
    [
        ("raise RuntimeError('boom')", "RuntimeError: boom"),
        ("os._exit(3)", "the process ended with status 3"),
        ("os.kill(os.getpid(), 9)", "the process was ended by SIGKILL"),
    ],
)
def test_a_process_that_dies_loses_nothing_that_was_judged(
    etalon: Run, monkeypatch: pytest.MonkeyPatch, deed: str, says: str
) -> None:
    Path("fatal.py").write_text(
        "import os\n"
        "from etalon.conformance.running import run_plan\n"
        "class Fatal(run_plan.Judge):\n"
        "    def verdict(self, cell):\n"
        f"        if cell.dtype == 'float64':\n            {deed}\n"
        "        return super().verdict(cell)\n"
        "run_plan.Judge = Fatal\n",
        encoding="utf-8",
    )
    found_here = [str(Path.cwd()), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(found_here))
    words = ("verify", "numpy", "--op", "regularizers/l2", "--law", "values", "--profile", "smoke")
    ended = etalon(*words, "--pytest=-p", "--pytest=fatal")
    assert ended.status == 1
    found = verdicts(Path("etalon-report/records/numpy.jsonl"))
    assert [one.verdict for one in found if one.dtype == "float32"] == ["conforms"]
    assert {one.verdict for one in found if one.dtype == "float64"} == {"crashed"}
    assert {one.verdict for one in found if one.dtype == "float16"} == {"conforms"}
    assert says in ended.out + ended.err
    assert etalon(*words, "--resume").status == 1


@pytest.mark.process
def test_one_law_alone_measures_no_characteristics(etalon: Run) -> None:
    ended = etalon(
        "verify", "numpy", "--op", "activations/elu", "--law", "values", "--profile", "smoke"
    )
    assert ended.status == 0, ended.err
    assert "numpy: 3 conforms, 1 unsupported in" in ended.err
    assert facts(Path("etalon-report/records/numpy.jsonl")) == set()


@pytest.mark.process
def test_a_measurement_that_fails_is_a_crash_and_counted_as_no_cell(
    etalon: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("fatal.py").write_text(
        "from etalon.conformance import characteristics\n"
        "def measured(subject, op, **options):\n    raise RuntimeError('boom')\n"
        "characteristics.measured = measured\n",
        encoding="utf-8",
    )
    found = [str(Path.cwd()), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(found))
    words = ("verify", "numpy", "--op", "activations/elu", "--profile", "smoke")
    ended = etalon(*words, "--pytest=-p", "--pytest=fatal")
    assert ended.status == 1
    assert "activations/elu characteristics" in ended.out
    assert "RuntimeError: boom" in ended.out
    described = next(iter(read(Path("etalon-report/records/numpy.jsonl"))))
    assert isinstance(described, Described)
    assert described.cells == len(verdicts(Path("etalon-report/records/numpy.jsonl"))) - 1


@pytest.mark.process
def test_replay_shows_a_documented_departure_of_a_framework(tmp_path: Path) -> None:
    case = (
        "optimizers/adam:float32:normal:x0.001:s11:"
        "learning_rate=0.01,beta_1=0.9,beta_2=0.999,epsilon=1e-07,amsgrad=false,weight_decay=null,"
        "clipnorm=null,clipvalue=null,global_clipnorm=null,schedule=null,decay_steps=5,"
        "decay_rate=0.9,steps=1,shape=3x"
    )
    command = [sys.executable, "-m", "etalon.conformance.commands.main", "replay", case]
    done = subprocess.run(
        [*command, "--backend", "torch"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "300"},
    )
    assert done.returncode == 0, done.stderr
    assert "documented as torch-adam-epsilon (convention)" in done.stdout
    assert "wanted -0.2788355601065218 ± " in done.stdout
