"""Judge and kill, for as long as said: is anything lost, and does memory stay flat?

    python benchmarks/soak.py --minutes 60 --out soak numpy torch jax

Each round judges some ops on one backend twice: once undisturbed, once while at random moments a
worker, the controller or the whole run is killed with SIGKILL, and gone on with by ``--resume``.
The records of both have to be equal, but for the time they took. The seed chooses the ops of each
backend; all of its rounds judge the same, and the memory that the undisturbed runs need is
compared.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import psutil

from etalon import spec
from etalon.reports.records import Run, Verdict, read

COMMAND = [sys.executable, "-m", "etalon.conformance.commands.main", "verify"]
SHARES = {"worker": 6, "controller": 2, "run": 2}
"""How often what is killed."""
PAUSE = (0.5, 8.0)
"""Seconds between two kills."""
SOME = range(4, 9)
"""How many ops are judged in a round."""
MOST = 8
"""How often one run is killed, at most, so that it ends."""
MIB = 2**20


@dataclass
class Round:
    """What came of one round."""

    number: int
    at: float
    """Minutes since the soak began."""
    backend: str
    ops: str
    records: int
    kills: dict[str, int]
    equal: bool
    statuses: tuple[int, int]
    """The exit statuses of the undisturbed run and of the last that went on."""
    controller: float
    """The most memory that the controller of the undisturbed run held, in MiB."""
    worker: float
    """The most that one of its workers held, in MiB."""
    seconds: float


class Watched:
    """A run that is killed at most so many times, and gone on with until it ends by itself."""

    def __init__(self, words: list[str], chooser: random.Random, most: int = 0) -> None:
        self.words, self.chooser, self.most = words, chooser, most
        self.kills = dict.fromkeys(SHARES, 0)
        self.largest = {"controller": 0, "worker": 0}

    def run(self) -> int:
        """Return the exit status in the end."""
        status = self._run([])
        while status not in (0, 1) or self._interrupted:
            status = self._run(["--resume"])
        return status

    def _run(self, more: list[str]) -> int:
        self._interrupted = False
        child = subprocess.Popen(
            [*COMMAND, *self.words, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while child.poll() is None:
            until = time.monotonic() + self.chooser.uniform(*PAUSE)
            while child.poll() is None and time.monotonic() < until:
                self._measure(child.pid)
                time.sleep(0.2)
            if child.poll() is None and sum(self.kills.values()) < self.most:
                self._kill(child.pid)
        return child.wait()

    def _measure(self, pid: int) -> None:
        for name, processes in zip(self.largest, family(pid)[1:], strict=True):
            used = [memory(process) for process in processes]
            self.largest[name] = max([self.largest[name], *used])

    def _kill(self, pid: int) -> None:
        kind = self.chooser.choices(list(SHARES), list(SHARES.values()))[0]
        run, controller, workers = family(pid)
        victims = {
            "worker": self.chooser.sample(workers, 1) if workers else [],
            "controller": controller,
            "run": [*workers, *controller, *run],
        }[kind]
        for victim in victims:
            try:
                victim.kill()
            except psutil.Error:
                continue
        if victims:
            self.kills[kind] += 1
            self._interrupted |= kind == "run"


def family(pid: int) -> tuple[list[psutil.Process], list[psutil.Process], list[psutil.Process]]:
    """Return the processes of a run: the command, its controller, the workers."""
    try:
        run = psutil.Process(pid)
        controllers = run.children()
        return [run], controllers, [w for c in controllers for w in c.children()]
    except psutil.Error:
        return [], [], []


def memory(process: psutil.Process) -> int:
    """Return how many bytes a process holds."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def settled(folder: Path) -> list[bytes]:
    """Return all records of a run in order, without what differs from run to run."""
    found = []
    for path in folder.rglob("*.jsonl"):
        for record in read(path):
            if isinstance(record, Verdict):
                record = msgspec.structs.replace(record, seconds=0.0)
            if isinstance(record, Run):
                record = msgspec.structs.replace(record, started="")
            found.append(msgspec.json.encode(record))
    return sorted(found)


def globs() -> list[str]:
    """Return those of the form ``losses/c*`` that match some ops, and not too many."""
    kinds = (op.id.split("/") for op in spec.select("*", "keras3"))
    found = Counter(f"{kind}/{name[0]}*" for kind, name in kinds)
    return [glob for glob, ops in found.items() if ops in SOME]


def one(number: int, begun: float, backend: str, asked: argparse.Namespace) -> Round:
    """Judge the backend's ops undisturbed and disturbed, and compare."""
    chooser = random.Random(asked.seed * 1000 + number)
    ops = random.Random(f"{asked.seed} {backend}").choice(globs())
    start = time.monotonic()
    words = [backend, "--op", ops, "--profile", "quick", "--workers", "2"]
    folders = [asked.out / str(number) / name for name in ("undisturbed", "disturbed")]
    plain, rough = ([*words, "--out", str(folder)] for folder in folders)
    quiet, disturbed = Watched(plain, chooser), Watched(rough, chooser, MOST)
    statuses = quiet.run(), disturbed.run()
    undisturbed = settled(folders[0])
    return Round(
        number=number,
        at=round((start - begun) / 60, 1),
        backend=backend,
        ops=ops,
        records=len(undisturbed),
        kills=disturbed.kills,
        equal=undisturbed == settled(folders[1]),
        statuses=statuses,
        controller=round(quiet.largest["controller"] / MIB),
        worker=round(quiet.largest["worker"] / MIB),
        seconds=round(time.monotonic() - start, 1),
    )


def soak(asked: argparse.Namespace) -> list[Round]:
    """Go on until the time is over; each round is written as it ends."""
    begun, rounds = time.monotonic(), []
    with (asked.out / "rounds.jsonl").open("w") as file:
        while time.monotonic() - begun < asked.minutes * 60:
            backend = asked.backends[len(rounds) % len(asked.backends)]
            rounds.append(one(len(rounds), begun, backend, asked))
            file.write(json.dumps(asdict(rounds[-1])) + "\n")
            file.flush()
    return rounds


def told(rounds: list[Round]) -> str:
    """Return the result in Markdown: one line for each backend."""
    rows = [
        "| backend | ops | rounds | records | killed: workers, controllers, runs | equal "
        "| controller, MiB | worker, MiB |"
    ]
    rows.append("|---|---|--:|--:|--:|--:|--:|--:|")
    for backend in dict.fromkeys(one.backend for one in rounds):
        own = [one for one in rounds if one.backend == backend]
        kills = ", ".join(str(sum(one.kills[kind] for one in own)) for kind in SHARES)
        equal = sum(one.equal and one.statuses[0] == one.statuses[1] for one in own)
        counted = sum(one.records for one in own)
        counts = f"{len(own)} | {counted:,} | {kills} | {equal}"
        most = " | ".join(_halves(own, name) for name in ("controller", "worker"))
        rows.append(f"| {backend} | `{own[0].ops}` | {counts} | {most} |")
    return "\n".join(rows)


def _halves(rounds: list[Round], name: str) -> str:
    """Return the most memory in the first half of the rounds and in the second."""
    halves = rounds[: len(rounds) // 2] or rounds, rounds[len(rounds) // 2 :]
    return " → ".join(f"{max(getattr(one, name) for one in half):.0f}" for half in halves)


def main() -> int:
    """Soak, and say what came of it; 1 where something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("backends", nargs="+")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("soak"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    rounds = soak(asked)
    print(told(rounds))
    return int(not all(r.equal and r.statuses[0] == r.statuses[1] for r in rounds))


if __name__ == "__main__":
    sys.exit(main())
