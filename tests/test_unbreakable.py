"""What harms a run costs nothing but the cells that it happened in."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import psutil
import pytest

from etalon import spec
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.control import spoiling
from etalon.conformance.judging.sampling import sample
from etalon.conformance.running.record_file import InUse, RecordFile
from etalon.conformance.running.retrial import notes
from etalon.conformance.subjects.side_effects import (
    ChangedSetting,
    Misplaced,
    Surroundings,
    on_device,
    untouched,
)
from etalon.reports.records import Record, Run, Verdict, read
from installing import etalon, install
from test_records import characteristic, run, verdict, written

SMALL_FILES = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
os.execv(sys.argv[1], sys.argv[1:])
"""
"""A program that runs the command behind it, which can't write a file of more than 30 kB."""
COMMAND = [sys.executable, "-m", "etalon.conformance.commands.main"]
WORDS = ["verify", "numpy", "--op", "activations/*", "--profile", "smoke", "--dtype", "float32"]
RECORDS = "etalon-report/records/numpy.jsonl"
CAUSES = {
    "elu": "refused a valid call: RuntimeError: not today",
    "exponential": "the process was ended by SIGABRT",
    "gelu": "the process was ended by SIGSEGV",
    "hard_sigmoid": "the process ended with status 3",
    "hard_tanh": "the process was ended by SIGKILL",
    "leaky_relu": "Failed: Timeout (>5.0s) from pytest-timeout.",
    "log_softmax": "hung: it could not be interrupted after 5 s",
    "relu": "the process took more than 1 GiB of memory",
    "selu": "it changed the default dtype from float32 to float64",
    "silu": "it changed its argument x",
}
"""What the planted backend does that costs the cell; what else it does costs nothing."""


def settled(path: Path) -> set[Record]:
    """Return the records without what differs from run to run."""
    return {_settled(record) for record in read(path)}


def _settled(record: Record) -> Any:
    if isinstance(record, Verdict):
        record = msgspec.structs.replace(record, seconds=0.0)
    if isinstance(record, Run):
        record = msgspec.structs.replace(record, started="")
    return msgspec.json.encode(record)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> set[Record]:
    """Return the records of a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("whole")
    done = subprocess.run([*COMMAND, *WORDS], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return settled(folder / RECORDS)


def planted(tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Verdict]:
    monkeypatch.setenv("HARM", harm)
    limits = ("--pytest=--timeout=5", "--pytest=--etalon-memory=1")
    words = ("verify", "harmful", *WORDS[2:], "--law", "values", "--out", harm, "--workers", "2")
    done = etalon(*words, *limits, path=tmp_path, cwd=tmp_path)
    assert done.returncode == (1 if harm == "yes" else 0), done.stderr
    found = read(tmp_path / harm / "records/harmful.jsonl")
    return {v.op.removeprefix("activations/"): v for v in found if isinstance(v, Verdict)}


def installed(folder: Path) -> None:
    source = (Path(__file__).parent / "harmful/__init__.py").read_text(encoding="utf-8")
    point = {"etalon.backends": "harmful = harmful"}
    install(folder, "harmful", {"__init__.py": source}, point)


def test_each_harm_costs_its_own_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path)
    right, found = (planted(tmp_path, harm, monkeypatch) for harm in ("no", "yes"))
    causes = {op: seen(verdict) for op, verdict in found.items() if verdict.verdict != "conforms"}
    assert causes == CAUSES
    assert found.keys() == right.keys()
    others = found.keys() - CAUSES.keys()
    assert {_settled(found[op]) for op in others} == {_settled(right[op]) for op in others}


def seen(verdict: Verdict) -> str:
    messages = [cluster.counterexample.message for cluster in verdict.clusters]
    return next(iter(messages), verdict.reason)


# One call spoils the process: whatever is called later is refused

ELU = spec.find("activations/elu")
DRAWN = sample(ELU, "values", "float32", "smoke", 0)
SAID = "OSError: device-side assert triggered"
WHILE = "; after it, the process answers no call"


@dataclass(frozen=True)
class Site:
    """A folder in which the harmful backend is installed, and its run of elu that nothing harms."""

    folder: Path
    unharmed: tuple[Record, ...]

    def run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *words: str, **harm: object
    ) -> tuple[Record, ...]:
        """Return the records of a run with some harm; the notes of it are gone."""
        done = of_elu(self.folder, tmp_path, monkeypatch, *words, **harm)
        assert done.returncode in (0, 1), done.stderr
        assert "the run ended" not in done.stderr
        records = tmp_path / "records"
        assert {path.name for path in records.iterdir()} == {
            "harmful.jsonl",
            ".harmful.jsonl.lock",
        }
        return tuple(read(records / "harmful.jsonl"))


def of_elu(
    site: Path, out: Path, monkeypatch: pytest.MonkeyPatch, *words: str, **harm: object
) -> subprocess.CompletedProcess[str]:
    for name, value in harm.items():
        monkeypatch.setenv(name, str(value))
    asked = ("verify", "harmful", "--op", ELU.id, *WORDS[4:], *words, "--out", str(out))
    return etalon(*asked, path=site, cwd=site)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    installed(folder)
    with pytest.MonkeyPatch.context() as environment:
        done = of_elu(folder, folder / "out", environment, HARM="no")
    assert done.returncode == 0, done.stderr
    return Site(folder, tuple(read(folder / "out/records/harmful.jsonl")))


def checksums(*cases: Case) -> str:
    arrays = (case.arguments()["x"] for case in cases)
    return " ".join(str(zlib.crc32(np.ascontiguousarray(array).tobytes())) for array in arrays)


def others(records: Iterable[Record], crashed: set[str]) -> Counter[Any]:
    """Return the records without the verdicts of some laws, and what differs from run to run."""
    kept = (r for r in records if not (isinstance(r, Verdict) and r.law in crashed))
    return Counter(map(_settled, kept))


def crashed(records: Iterable[Record]) -> dict[str, Verdict]:
    return {r.law: r for r in records if isinstance(r, Verdict) and r.verdict == "crashed"}


def judged(records: Iterable[Record]) -> dict[str, int]:
    """Return how many cases were judged by each law."""
    return {r.law: r.cases for r in records if isinstance(r, Verdict)}


def test_a_case_that_spoils_its_process_is_charged_alone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harm = {"HARM": "spoils", "SPOILING": checksums(DRAWN[3])}
    found = site.run(tmp_path, monkeypatch, "--workers", "2", **harm)
    charged = crashed(found)
    assert {"values", "shape_and_dtype"} <= charged.keys()
    for law in charged:
        (cluster,) = charged[law].clusters
        assert cluster.cases == 1
        assert cluster.cause == "spoils the process"
        assert cluster.counterexample.case == DRAWN[3].id
        assert cluster.counterexample.message == SAID + WHILE
        assert charged[law].reason == f"spoils the process: {SAID}{WHILE}"
    assert others(found, {*charged}) == others(site.unharmed, {*charged})
    assert judged(found) == judged(site.unharmed)


def test_several_cases_of_a_cell_spoil_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiling = DRAWN[1:7:2]
    harm = {"HARM": "spoils", "SPOILING": checksums(*spoiling)}
    found = site.run(tmp_path, monkeypatch, "--law", "values", **harm)
    (cluster,) = crashed(found)["values"].clusters
    assert cluster.cases == len(spoiling) == 3
    assert cluster.counterexample.case in {case.id for case in spoiling}
    assert judged(found) == {"values": len(DRAWN)}


def test_what_spoils_an_old_process_alone_is_not_charged(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = site.run(tmp_path, monkeypatch, HARM="spoils", LIFE=25)
    log = (tmp_path / "logs/harmful.txt").read_text(encoding="utf-8")
    assert log.count("node down") > 1
    assert others(found, set()) == others(site.unharmed, set())


def test_a_case_that_is_answered_before_it_spoils_the_process_is_charged_alone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harm = {"HARM": "spoils", "SPOILING": checksums(DRAWN[3]), "LATE": "yes"}
    found = site.run(tmp_path, monkeypatch, "--law", "values", **harm)
    (cluster,) = crashed(found)["values"].clusters
    assert cluster.cases == 1
    assert cluster.counterexample.case == DRAWN[3].id
    assert cluster.counterexample.message == f"it was answered{WHILE}"


def test_ordinary_refusals_cost_no_worker(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = site.run(tmp_path, monkeypatch, HARM="refuses")
    log = (tmp_path / "logs/harmful.txt").read_text(encoding="utf-8")
    assert "node down" not in log
    assert crashed(found) == {}
    (values,) = (r for r in found if isinstance(r, Verdict) and r.law == "values")
    (cluster,) = values.clusters
    assert (cluster.cause, cluster.cases) == ("refused with OSError", len(DRAWN))


@pytest.mark.parametrize("words", [(), ("--resume",)])
def test_what_an_earlier_run_found_is_not_believed(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    path = notes(tmp_path / "records/harmful.jsonl")
    path.parent.mkdir()
    key = ("values", DRAWN[3].id)
    path.write_bytes(pickle.dumps((key, spoiling(DRAWN[3], "of old"))))
    found = site.run(tmp_path, monkeypatch, "--law", "values", *words, HARM="no")
    (kept,) = (r for r in site.unharmed if isinstance(r, Verdict) and r.law == "values")
    assert [_settled(r) for r in found if isinstance(r, Verdict)] == [_settled(kept)]


IN_PROCESS = """
import sys
import harmful
import numpy as np
import msgspec
import etalon
from etalon.conformance.candidates.check import InvalidCheck, asked, judged

def elu(x, alpha):
    harmful.spoils([x])
    return np.where(x > 0, x, np.asarray(alpha, x.dtype) * np.expm1(x))

words = dict(op="activations/elu", backend="harmful", profile="smoke", dtypes=["float32"])
sys.stdout.buffer.write(msgspec.json.encode(judged(asked(elu, **words))))
try:
    etalon.check(elu, **words)
except InvalidCheck as error:
    sys.stderr.write(str(error))
"""


def test_what_comes_after_it_in_the_same_process_is_not_judged(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARM", "spoils")
    monkeypatch.setenv("SPOILING", checksums(DRAWN[3]))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site.folder), *sys.path]))
    program = [sys.executable, "-c", IN_PROCESS]
    done = subprocess.run(program, capture_output=True, cwd=tmp_path, check=True)
    first, *rest = msgspec.json.decode(done.stdout, type=list[Verdict])
    (cluster,) = first.clusters
    since = f"not judged: the process is of no more use since case {DRAWN[3].id}"
    assert (first.law, first.verdict, cluster.cases) == ("values", "crashed", 1)
    assert cluster.counterexample.case == DRAWN[3].id
    assert first.reason == f"spoils the process: {SAID}{WHILE}; {since}"
    there = [v for v in rest if v.verdict != "unsupported"]
    assert {(v.verdict, v.reason, v.clusters) for v in there} == {("skipped", since, ())}
    assert done.stderr.decode() == f"elu as activations/elu: {since}"


def test_a_candidate_that_spoils_its_process_in_its_first_call(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARM", "spoils")
    monkeypatch.setenv("SPOILING", checksums(*DRAWN, *sample(ELU, "values", "float32", "quick", 0)))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site.folder), *sys.path]))
    program = [sys.executable, "-c", IN_PROCESS]
    done = subprocess.run(program, capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert b"DoesNotConform: elu as activations/elu spoils the process" in done.stderr


def test_a_checked_candidate_is_charged_for_the_case_alone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARM", "spoils")
    monkeypatch.setenv("SPOILING", checksums(*DRAWN[2:4]))
    source = IN_PROCESS.partition("words =")[0]
    (tmp_path / "mine.py").write_text(source, encoding="utf-8")
    words = ("mine:elu", "--op", ELU.id, "--backend", "harmful", *WORDS[4:], "--law", "values")
    done = etalon("check", *words, path=site.folder, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert f"⚡ values, float32: spoils the process in 2 of {len(DRAWN)} cases" in done.stdout
    assert "refused" not in done.stdout


def test_a_replayed_case_that_spoils_the_process(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARM", "spoils")
    monkeypatch.setenv("SPOILING", checksums(DRAWN[3]))
    words = ("replay", DRAWN[3].id, "--backend", "harmful")
    done = etalon(*words, path=site.folder, cwd=site.folder)
    assert done.returncode == 1, done.stderr
    assert f"✗ values: spoils the process: {SAID}{WHILE}" in done.stdout
    assert f"not judged: the process is of no more use since case {DRAWN[3].id}" in done.stdout
    assert "refused" not in done.stdout


@pytest.mark.parametrize("workers", ["2", "4"])
def test_workers_judge_alike(tmp_path: Path, whole: set[Record], workers: str) -> None:
    done = subprocess.run(
        [*COMMAND, *WORDS, "--workers", workers], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert settled(tmp_path / RECORDS) == whole


def begun(folder: Path, verdicts: int, *before: str) -> subprocess.Popen[bytes]:
    """Start a run, with words before its command, and return when it has written so many lines."""
    child = subprocess.Popen(
        [*before, *COMMAND, *WORDS, "--workers", "2"],
        cwd=folder,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    path = folder / RECORDS
    while child.poll() is None and not (path.exists() and lines(path) >= verdicts):
        time.sleep(0.01)
    return child


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def resumed(folder: Path) -> set[Record]:
    done = subprocess.run([*COMMAND, *WORDS, "--resume"], cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr
    return settled(folder / RECORDS)


def test_a_killed_worker_is_replaced(tmp_path: Path, whole: set[Record]) -> None:
    child = begun(tmp_path, 3)
    (controller,) = psutil.Process(child.pid).children()
    for worker in controller.children():
        worker.kill()
    child.communicate()
    assert child.returncode == 0
    assert settled(tmp_path / RECORDS) == whole


def test_a_killed_controller_is_replaced(tmp_path: Path, whole: set[Record]) -> None:
    child = begun(tmp_path, 5)
    (controller,) = psutil.Process(child.pid).children()
    controller.kill()
    child.communicate()
    assert child.returncode == 0
    assert settled(tmp_path / RECORDS) == whole


@pytest.mark.parametrize("victim", ["command", "all"])
def test_a_killed_run_goes_on(tmp_path: Path, whole: set[Record], victim: str) -> None:
    child = begun(tmp_path, 5)
    command = psutil.Process(child.pid)
    victims = [command, *(command.children(recursive=True) if victim == "all" else ())]
    before = lines(tmp_path / RECORDS)
    for process in victims:
        with contextlib.suppress(psutil.NoSuchProcess):  # it may end with its parent
            process.kill()
    child.communicate()
    assert before <= lines(tmp_path / RECORDS) < len(whole)
    assert resumed(tmp_path) == whole


def test_a_full_disk_loses_nothing(tmp_path: Path, whole: set[Record]) -> None:
    child = begun(tmp_path, 10**6, sys.executable, "-c", SMALL_FILES)
    _, said = child.communicate()
    assert child.returncode == 1
    assert b"can't write into" in said
    assert b"File too large" in said
    assert 1 < lines(tmp_path / RECORDS) < len(whole)
    assert settled(tmp_path / RECORDS) < whole
    assert resumed(tmp_path) == whole


def test_a_second_run_into_the_same_folder_is_refused(tmp_path: Path, whole: set[Record]) -> None:
    child = begun(tmp_path, 1)
    os.kill(child.pid, signal.SIGSTOP)
    (controller,) = psutil.Process(child.pid).children()
    controller.suspend()
    second = subprocess.run([*COMMAND, *WORDS], cwd=tmp_path, capture_output=True, check=False)
    controller.resume()
    os.kill(child.pid, signal.SIGCONT)
    child.communicate()
    assert second.returncode == 2
    assert second.stderr.decode().count("\n") == 1
    assert b"numpy.jsonl is being written by another run" in second.stderr
    assert child.returncode == 0
    assert settled(tmp_path / RECORDS) == whole


def test_a_file_has_one_writer_and_ends_in_whole_records(tmp_path: Path) -> None:
    path = tmp_path / "torch.jsonl"
    file = RecordFile(path)
    file.append(run(), verdict(), characteristic())
    with pytest.raises(InUse, match="is being written by another run"):
        RecordFile(path, wait=0)
    file.close()
    with path.open("ab") as torn:
        torn.write(b'{"record":"verdict","op":"layers/de')
    again = RecordFile(path, resume=True)
    assert list(read(path)) == [run(), verdict()]
    again.append(characteristic(), written())
    again.close()
    RecordFile(path, resume=True).close()
    assert list(read(path)) == [run(), verdict(), characteristic(), written()]


def test_a_result_on_another_device_is_seen() -> None:
    package: Any = SimpleNamespace(device_of=lambda result: result)
    silent: Any = SimpleNamespace()
    on_device(package, ["gpu", "gpu"], "gpu")
    with pytest.raises(Misplaced, match="result 1 lies on the cpu, wanted the gpu"):
        on_device(package, ["gpu", "cpu"], "gpu")
    on_device(silent, ["cpu"], "gpu")


def test_a_setting_that_can_not_be_put_back_spoils_the_process() -> None:
    held = {"flush": 0}
    package: Any = SimpleNamespace(SETTINGS={"flushing": (lambda: held["flush"], None)})
    surroundings = Surroundings(package)
    with surroundings.kept():
        pass
    assert not Surroundings.spoilt
    with pytest.raises(ChangedSetting, match="flushing from 0 to 1"), surroundings.kept():
        held["flush"] = 1
    assert Surroundings.spoilt
    Surroundings.spoilt = False
    import numpy as np

    untouched("x", np.array([np.nan, 0.0]), np.array([np.nan, 0.0]))
    untouched("x", np.array([np.nan, 0]), np.array([-np.nan, 0]))
    untouched("x", np.zeros((0, 2)), np.zeros((0, 2)))
    untouched("x", np.array(1), np.array(1))
    with pytest.raises(Exception, match="changed its argument x"):
        untouched("x", np.array([0.0]), np.array([-0.0]))
