"""A run on a real Ray cluster of several node processes, of which one is killed midway."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from clustering import Cluster
from etalon.reports.records import Record, Run, Verdict, read

pytest.importorskip("ray")
pytestmark = pytest.mark.process

OPS = "activations/so*"
"""So many that a run is far from its end when its first records are there."""
BRIEF = ("--profile", "smoke", "--dtype", "float32", "--seed", "7")
ASKED = ("verify", "numpy", "torch", "--op", OPS, *BRIEF)
COMMAND = (sys.executable, "-m", "etalon.conformance.commands.main")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(nodes=2) as started:
        yield started


def begun(*words: object, out: Path) -> subprocess.Popen[str]:
    # What a shell runs in the background ignores SIGINT, and so do its children, unless this does.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [*COMMAND, *map(str, words), "--out", str(out)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=out.parent)


def ended(*words: object, out: Path) -> tuple[int, str]:
    process = begun(*words, out=out)
    _, said = process.communicate()
    return process.returncode, said


def when(process: subprocess.Popen[str], holds: Callable[[], bool]) -> None:
    """Wait until something holds of a run; that it ends first is a failure."""
    while not holds():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def lines(out: Path) -> int:
    """Return how many lines the record files have."""
    return sum(path.read_bytes().count(b"\n") for path in out.glob("records/*.jsonl"))


def timeless(path: Path) -> Counter[bytes]:
    """Return what a record file says, but for its order and what a clock said."""
    return Counter(map(msgspec.json.encode, map(_timeless, read(path))))


def _timeless(record: Record) -> Record:
    match record:
        case Run():
            return msgspec.structs.replace(record, started="")
        case Verdict():
            return msgspec.structs.replace(record, seconds=0.0)
    return record


def test_a_run_that_is_stopped_and_loses_a_node_records_what_a_plain_one_does(
    cluster: Cluster, tmp_path: Path
) -> None:
    plain, spread = tmp_path / "plain", tmp_path / "spread"
    assert ended(*ASKED, out=plain)[0] == 0

    stopped = begun(*ASKED, "--ray", cluster.address, out=spread)
    when(stopped, lambda: lines(spread) > 1)
    stopped.send_signal(signal.SIGINT)
    _, said = stopped.communicate()
    assert (stopped.returncode, said.strip().splitlines()[-1]) == (
        130,
        "etalon: stopped; what was judged is kept, and --resume goes on",
    )
    kept = lines(spread)
    assert 1 < kept < lines(plain)

    resumed = begun(*ASKED, "--ray", cluster.address, "--resume", out=spread)
    when(resumed, lambda: lines(spread) > kept)
    cluster.kill()
    _, said = resumed.communicate()
    assert resumed.returncode == 0, said
    logs = "".join(path.read_text("utf-8") for path in spread.glob("logs/*.txt"))
    assert "was lost: Task failed because the node it was running on is dead" in logs
    for name in ("numpy.jsonl", "torch.jsonl"):
        assert timeless(spread / "records" / name) == timeless(plain / "records" / name)


def test_a_cluster_without_what_is_asked_for(cluster: Cluster, tmp_path: Path) -> None:
    asked = (*ASKED, "--ray", cluster.address)
    assert ended(*asked, "--device", "gpu", "--workers", 1, out=tmp_path) == (
        3,
        f"etalon: no node of the Ray cluster {cluster.address} has 1 CPU and a GPU\n",
    )
    assert ended(*asked, "--workers", 64, out=tmp_path) == (
        3,
        f"etalon: no node of the Ray cluster {cluster.address} has 64 CPUs\n",
    )


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("here", 2, "--ray takes HOST:PORT, auto or local: not 'here'"),
        ("127.0.0.1:99999", 2, "--ray names no port that there is: '127.0.0.1:99999'"),
        ("127.0.0.1:1", 3, "no Ray cluster can be joined at 127.0.0.1:1: Connection refused"),
    ],
)
def test_an_address_where_no_cluster_is(
    tmp_path: Path, address: str, status: int, sentence: str
) -> None:
    assert ended(*ASKED, "--ray", address, out=tmp_path) == (status, f"etalon: {sentence}\n")


def test_ray_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ray.py").write_text("raise ModuleNotFoundError('No module named ray')\n")
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    assert ended(*ASKED, "--ray", "auto", out=tmp_path) == (
        3,
        "etalon: --ray needs Ray, which is not installed: pip install 'nn-etalon[ray]'\n",
    )
