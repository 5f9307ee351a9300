"""Who notices a fault in Keras, and how soon: Keras's own tests, or ``etalon verify``.

    python benchmarks/power.py [--jobs N] [--results FILE.jsonl] [--fault ID] [--kind KIND]
                               [--framework torch|tensorflow|jax]

Each fault of ``faults.toml`` is put into a copy of Keras by itself. Keras's tests are first those
of the faulted module; where these pass, all of ``scope.py``. Etalon's ops are first those that the
module serves; where these conform, all of ``scope.py``, by the profile quick. With ``--kind``, all
are all of that kind. On PyTorch Keras computes the steps of most optimizers by other code than
that of ``keras/src/optimizers``: try their faults on another framework. Both
sides stop at the first alarm, run one process, and are timed from its start to its end. What
fails without a fault is left out on both sides, by name.

Results are kept line by line, and what is there already is not run again; ``--report`` runs
nothing. The table of all results is printed at the end. Take ``--jobs 1`` for times.
"""

from __future__ import annotations

import json
import queue
import re
import statistics
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import faults
import keras_suite
import typer
from faults import Fault
from measuring import HERE, choosing, first, ids, machine, table, verify
from scope import SCOPE

from etalon.reports.records import BAD, Verdict

BASELINE = "baseline"
SIDES = ("keras", "etalon")

Alarm = dict[str, Any]
"""Of one side: whether it noticed, after how many seconds, with what it ran, and what told it."""


@dataclass(frozen=True)
class Setting:
    """On which framework faults are tried, and all the test files and ops that may notice one."""

    framework: str
    tests: tuple[str, ...]
    ops: tuple[str, ...]

    @classmethod
    def of(cls, framework: str, kind: str) -> Setting:
        """Return the setting for the faults of one kind, or of all."""
        parts = [part for name, part in SCOPE.items() if kind in ("", name)]
        tests = (test for part in parts for test in part.tests)
        return cls(framework, tuple(tests), tuple(op for part in parts for op in part.ops))

    @property
    def backend(self) -> str:
        """What Etalon calls Keras on the framework."""
        return f"keras-{self.framework}"


def main(
    jobs: Annotated[int, typer.Option(min=1, help="faults at a time; 1 for times")] = 1,
    results: Annotated[Path, typer.Option(help="what is known, and is added to")] = (
        HERE / "power.jsonl"
    ),
    fault: Annotated[str, typer.Option(help="this fault alone")] = "",
    kind: Annotated[str, typer.Option(help="the faults of this kind alone")] = "",
    framework: Annotated[str, typer.Option(help="what Keras computes with")] = "torch",
    report: Annotated[bool, typer.Option("--report", help="run nothing")] = False,
) -> None:
    """Try each fault on both sides, and print who noticed it."""
    every = faults.faults()
    chosen = [f for f in every if fault in ("", f.id) and kind in ("", f.kind)]
    if not report:
        done = known(results)
        setting = Setting.of(framework, kind)
        run([f for f in chosen if f.id not in done], results, jobs, setting)
    print(summary(chosen, known(results)))


def known(path: Path) -> dict[str, dict[str, Any]]:
    """Return the results that there are, by fault; a line that was cut off is not there."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("}")]
    return {entry["fault"]: entry for entry in found}


def run(chosen: Sequence[Fault], results: Path, jobs: int, setting: Setting) -> None:
    """Try faults, each in one of as many copies of Keras as there are jobs."""
    with ExitStack() as stack, ThreadPoolExecutor(jobs) as pool:
        sites: queue.Queue[Path] = queue.Queue()
        for _ in range(min(jobs, len(chosen) or 1)):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="power-"))
            sites.put(faults.copied(Path(folder)))
        without = _baseline(results, sites, setting)

        def one(fault: Fault) -> dict[str, Any]:
            site = sites.get()
            try:
                return tried(fault, site, without, setting)
            finally:
                sites.put(site)

        for entry in pool.map(one, chosen):
            _keep(results, entry)


def _keep(results: Path, entry: dict[str, Any]) -> None:
    print(json.dumps(entry), file=sys.stderr, flush=True)
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def _baseline(results: Path, sites: queue.Queue[Path], setting: Setting) -> dict[str, list[str]]:
    """Return what fails without a fault, by side: on Keras's, in either of two runs."""
    if BASELINE not in known(results):
        site = sites.get()
        _keep(results, {"fault": BASELINE, "machine": machine(), **_clean(site, setting)})
        sites.put(site)
    entry = known(results)[BASELINE]
    return {side: list(entry[side]) for side in SIDES}


def _clean(site: Path, setting: Setting) -> dict[str, Any]:
    ran = [keras_suite.run(setting.framework, setting.tests, site=site) for _ in range(2)]
    found = _judged(setting, site, setting.ops, [], [])
    return {
        "keras": sorted({name for one in ran for name in one.failed}),
        "etalon": [_name(verdict) for verdict in found["bad"]],
        "seconds": {
            "keras": [round(one.seconds, 1) for one in ran],
            "etalon": round(found["seconds"], 1),
        },
    }


def tried(
    fault: Fault, site: Path, without: dict[str, list[str]], setting: Setting
) -> dict[str, Any]:
    """Put a fault into a copy of Keras; return who noticed it."""
    with faults.planted(fault, site):
        keras = _by_keras(fault, site, without["keras"], setting)
        etalon = _by_etalon(fault, site, without["etalon"], setting)
    return {"fault": fault.id, "kind": fault.kind, "keras": keras, "etalon": etalon}


def _by_keras(fault: Fault, site: Path, without: list[str], setting: Setting) -> Alarm:
    seconds = 0.0
    others = [test for test in setting.tests if test not in fault.tests]
    for scope, tests in (("own", fault.tests), ("all", others)):
        if not tests:
            continue
        ran = keras_suite.run(setting.framework, tests, site=site, without=without, more=["-x"])
        seconds += ran.seconds
        if ran.failed:
            return _alarm(True, seconds, scope, ran.failed[0].partition("src/")[2])
        _whole(ran.status, ran.said)
    return _alarm(False, seconds, "all", "")


def _by_etalon(fault: Fault, site: Path, without: list[str], setting: Setting) -> Alarm:
    seconds = 0.0
    own = ids(fault.ops)
    others = [op for op in ids(setting.ops) if op not in own]
    for scope, ops in (("own", fault.ops), ("all", others)):
        if not ops:
            continue
        found = _judged(setting, site, ops, without, ["--pytest=-x"])
        seconds += found["seconds"]
        if found["bad"]:
            return _alarm(True, seconds, scope, _name(found["bad"][0]))
        _whole(found["status"], found["said"])
    return _alarm(False, seconds, "all", "")


def _judged(
    setting: Setting, site: Path, ops: Sequence[str], without: Iterable[str], more: Sequence[str]
) -> dict[str, Any]:
    """Judge ops of the Keras in a folder."""
    left_out = [f"--pytest=--deselect=suite.py::test_cell[{name}]" for name in without]
    variables = {"PYTHONDONTWRITEBYTECODE": "1", **first(site)}
    with tempfile.TemporaryDirectory() as out:
        words = (*choosing(ops), *left_out, *more)
        judged = verify(setting.backend, Path(out), *words, variables=variables)
    bad = [verdict for verdict in judged.verdicts if verdict.verdict in BAD]
    return {
        "seconds": judged.seconds,
        "status": judged.status,
        "bad": bad,
        "said": judged.said,
    }


def _whole(status: int, said: str) -> None:
    """Stop where a run ended without an alarm and yet not well: that is no result of either."""
    if status:
        raise SystemExit(f"a run ended with status {status}, and no test had failed:\n{said}")


def _name(verdict: Verdict) -> str:
    """Return the id of a cell, as its test has it."""
    return ":".join((verdict.backend, verdict.op, verdict.law, verdict.dtype))


def _alarm(noticed: bool, seconds: float, scope: str, told: str) -> Alarm:
    return {"noticed": noticed, "seconds": round(seconds, 1), "scope": scope, "by": told}


def summary(chosen: Sequence[Fault], found: dict[str, dict[str, Any]]) -> str:
    """Return a line for each fault that was tried, and the totals."""
    tried_ = [found[fault.id] for fault in chosen if fault.id in found]
    heads = ("fault", "kind", "Keras's tests: alarm", "s", "etalon: alarm", "s")
    rows = [
        (entry["fault"], entry["kind"], *_cells(entry["keras"]), *_cells(entry["etalon"]))
        for entry in tried_
    ]
    totals = [_total(name, side, tried_) for name, side in zip(_NAMES, SIDES, strict=True)]
    return "\n\n".join((table(heads, rows), table(_TOTALS, totals)))


_NAMES = ("Keras's tests", "etalon verify")
_TOTALS = ("", "faults", "noticed", "by own tests or ops", "by all", "median s to the alarm")


def _cells(alarm: Alarm) -> tuple[str, str]:
    told = re.sub(r"^keras-\w+:", "", alarm["by"]) if alarm["noticed"] else "–"
    more = "" if alarm["scope"] == "own" or not alarm["noticed"] else " (in all)"
    return f"{told}{more}", f"{alarm['seconds']:.0f}"


def _total(name: str, side: str, tried_: Sequence[dict[str, Any]]) -> tuple[object, ...]:
    alarms = [entry[side] for entry in tried_ if entry[side]["noticed"]]
    own = sum(alarm["scope"] == "own" for alarm in alarms)
    median = statistics.median(alarm["seconds"] for alarm in alarms) if alarms else 0.0
    return name, len(tried_), len(alarms), own, len(alarms) - own, f"{median:.1f}"


if __name__ == "__main__":
    typer.run(main)
