"""What harms a run costs nothing but the cells that it happened in."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil
import pytest

from etalon.conformance.running.record_file import InUse, RecordFile
from etalon.conformance.subjects.side_effects import (
    ChangedSetting,
    Misplaced,
    Surroundings,
    on_device,
    untouched,
)
from etalon.reports.records import Record, Verdict, read
from harmed_runs import COMMAND, RECORDS, WORDS, installed, settled, without_times
from installing import etalon
from test_records import characteristic, run, verdict, written

SMALL_FILES = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
os.execv(sys.argv[1], sys.argv[1:])
"""
"""A program that runs the command behind it, which can't write a file of more than 30 kB."""
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


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> set[Record]:
    """Return the records of a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("whole")
    alone = [*COMMAND, *WORDS, "--workers", "1"]
    done = subprocess.run(alone, cwd=folder, capture_output=True, check=False)
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


@pytest.mark.process
def test_each_harm_costs_its_own_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path)
    right, found = (planted(tmp_path, harm, monkeypatch) for harm in ("no", "yes"))
    causes = {op: seen(verdict) for op, verdict in found.items() if verdict.verdict != "conforms"}
    assert causes == CAUSES
    assert found.keys() == right.keys()
    others = found.keys() - CAUSES.keys()
    assert {without_times(found[op]) for op in others} == {
        without_times(right[op]) for op in others
    }


def seen(verdict: Verdict) -> str:
    messages = [cluster.counterexample.message for cluster in verdict.clusters]
    return next(iter(messages), verdict.reason)


# One call spoils the process: whatever is called later is refused


@pytest.mark.process
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


@pytest.mark.process
def test_a_killed_worker_is_replaced(tmp_path: Path, whole: set[Record]) -> None:
    child = begun(tmp_path, 3)
    (controller,) = psutil.Process(child.pid).children()
    for worker in controller.children():
        worker.kill()
    child.communicate()
    assert child.returncode == 0
    assert settled(tmp_path / RECORDS) == whole


@pytest.mark.process
def test_a_killed_controller_is_replaced(tmp_path: Path, whole: set[Record]) -> None:
    child = begun(tmp_path, 5)
    (controller,) = psutil.Process(child.pid).children()
    controller.kill()
    child.communicate()
    assert child.returncode == 0
    assert settled(tmp_path / RECORDS) == whole


@pytest.mark.process
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


@pytest.mark.process
def test_a_full_disk_loses_nothing(tmp_path: Path, whole: set[Record]) -> None:
    child = begun(tmp_path, 10**6, sys.executable, "-c", SMALL_FILES)
    _, said = child.communicate()
    assert child.returncode == 1
    assert b"can't write into" in said
    assert b"File too large" in said
    assert 1 < lines(tmp_path / RECORDS) < len(whole)
    assert settled(tmp_path / RECORDS) < whole
    assert resumed(tmp_path) == whole


@pytest.mark.process
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

    untouched("x", np.array([np.nan, 0.0]), np.array([np.nan, 0.0]))
    untouched("x", np.array([np.nan, 0]), np.array([-np.nan, 0]))
    untouched("x", np.zeros((0, 2)), np.zeros((0, 2)))
    untouched("x", np.array(1), np.array(1))
    with pytest.raises(Exception, match="changed its argument x"):
        untouched("x", np.array([0.0]), np.array([-0.0]))
