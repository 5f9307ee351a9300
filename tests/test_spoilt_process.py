"""A case that spoils its process is charged, and no other."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from etalon import spec
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.control import spoiling
from etalon.conformance.judging.sampling import sample
from etalon.conformance.running.record_file import notes
from etalon.reports.records import Record, Verdict, read
from harmed_runs import WORDS, installed, without_times
from installing import etalon

pytestmark = pytest.mark.process

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
    alone = (*WORDS[4:], "--workers", "1")
    asked = ("verify", "harmful", "--op", ELU.id, *alone, *words, "--out", str(out))
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
    return Counter(map(without_times, kept))


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
    assert [without_times(r) for r in found if isinstance(r, Verdict)] == [without_times(kept)]


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
