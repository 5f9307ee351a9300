"""The display of a run, and how many workers it has."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from etalon.backends import BACKENDS
from etalon.conformance.commands import progress
from etalon.conformance.commands.progress import Display
from etalon.conformance.running import machine
from etalon.conformance.running.request import Finished, Request
from etalon.reports.records import Cluster, Counterexample, Verdict
from test_records import verdict

GIB = 2**30


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def monotonic(self) -> float:
        """Return the seconds that a test has said."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Return what is written where no terminal is."""
    text = io.StringIO()
    monkeypatch.setattr(progress, "err", Console(file=text, width=200))
    return text


def failing(number: int) -> Verdict:
    seen = Counterexample(case="a case", message="it is off", command="etalon replay")
    cause = Cluster(cause="y: beyond the bound", cases=3, counterexample=seen)
    return verdict(op=f"layers/op{number}", verdict="fails", clusters=(cause,))


def test_a_failure_is_told_as_it_falls_and_once(clock: Clock, written: io.StringIO) -> None:
    with Display({"torch": 1.0}) as display:
        display.watch("torch", [verdict()], 4)
        display.watch("torch", [verdict(), failing(1)], 4)
        display.watch("torch", [verdict(), failing(1), verdict()], 4)
    assert written.getvalue().splitlines() == [
        "✗ torch layers/op1 values float32: y: beyond the bound"
    ]


def test_no_flood_of_failures_is_told(clock: Clock, written: io.StringIO) -> None:
    with Display({"torch": 1.0}) as display:
        display.watch("torch", [failing(number) for number in range(200)], 200)
    lines = written.getvalue().splitlines()
    assert len(lines) == progress.SHOWN + 1
    assert lines[-1].strip() == "further failures are in the report"


def test_what_is_left_is_estimated_by_what_each_run_costs(
    clock: Clock, written: io.StringIO
) -> None:
    """Of two runs with as many cells the second takes three times as long: 1 of 4 parts is done."""
    with Display({"torch": 1.0, "jax": 3.0}) as display:
        clock.now = 60.0
        display.watch("torch", [verdict()] * 10, 10)
    assert written.getvalue().splitlines() == ["torch 10 of 10 cells, 25% of all, about 3 min left"]


def test_a_log_gets_a_line_now_and_then(clock: Clock, written: io.StringIO) -> None:
    with Display({"torch": 1.0}) as display:
        for second in range(100):
            clock.now = float(second)
            display.watch("torch", [verdict()] * (1 + second), 100)
    assert len(written.getvalue().splitlines()) == 3


def test_a_run_that_has_ended_is_counted(
    clock: Clock, written: io.StringIO, tmp_path: Path
) -> None:
    finished = Finished("jax", tmp_path / "jax-eager.jsonl", (verdict(), failing(1)), 61.4)
    with Display({"jax-eager": 1.0}) as display:
        display.end(finished)
    assert "jax-eager: 1 conforms, 1 fails in 61 s" in written.getvalue()


@pytest.mark.parametrize(
    ("cores", "gib", "container", "workers"),
    [
        (2, 24, {}, 2),
        (64, 16, {}, 8),
        (4, 1, {}, 1),
        (8, 64, {"cpu.max": "300000 100000"}, 3),
        (8, 64, {"cpu.max": "max 100000", "memory.max": "max"}, 8),
        (8, 64, {"memory.max": str(5 * GIB)}, 2),
        (8, 64, {"cpu.max": "50000 100000"}, 1),
    ],
)
def test_workers_are_what_cores_and_memory_allow(
    cores: int,
    gib: int,
    container: dict[str, str],
    workers: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for name, text in container.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(machine, "LIMITS", tmp_path)
    monkeypatch.setattr(machine, "_memory", lambda: gib * GIB)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert machine.workers() == workers


@pytest.mark.parametrize(
    ("backend", "profile", "mode", "parts"),
    [
        ("jax", "smoke", "", [("", "", ""), ("eager", "values", "float32")]),
        ("keras-jax", "smoke", "", [("", "", ""), ("eager", "values", "float32")]),
        ("jax", "quick", "", [("", "", "")]),
        ("jax", "smoke", "compiled", [("compiled", "", "")]),
        ("torch", "smoke", "", [("", "", "")]),
    ],
)
def test_a_short_run_judges_what_compiles_both_ways(
    backend: str, profile: str, mode: str, parts: list[tuple[str, str, str]]
) -> None:
    request = Request((backend,), Path(), profile=profile, mode=mode)
    found = request.parts(BACKENDS[backend])
    assert [(part.mode, part.law, part.dtype) for part in found] == parts


def test_what_a_short_run_is_asked_for_is_judged_both_ways() -> None:
    request = Request(("jax",), Path(), profile="smoke", law="gradients", dtype="float16")
    _, eager = request.parts(BACKENDS["jax"])
    assert (eager.mode, eager.law, eager.dtype) == ("eager", "gradients", "float16")
