"""The suite that ``etalon verify`` runs: one test for each cell, one for the facts of each op.

By hand: ``pytest --pyargs etalon.conformance.running.suite --etalon-backend torch -k conv2d``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import msgspec
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance import characteristics
from etalon.conformance.candidates.check import judge_of
from etalon.conformance.candidates.check_job import read
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.programs.adapter_code import phrase
from etalon.conformance.running.plugin import CHARACTERISTICS, VERDICT, already
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import BAD, Verdict
from etalon.spec.words import DTYPES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each cell that the options choose and no record has yet."""
    option = metafunc.config.getoption
    if option("etalon_backend") is None:
        raise pytest.UsageError("say which backend to judge: --etalon-backend torch")
    done = already(metafunc.config)
    judged = "cell" in metafunc.fixturenames
    wanted = _cells(option) if judged else _measured(option)
    metafunc.parametrize(
        "cell" if judged else "facts",
        [pytest.param(cell, id=cell.id) for cell in wanted if cell.id not in done],
    )


def _cells(option: Callable[[str], Any]) -> Iterator[Cell]:
    if option("etalon_candidate"):
        yield from read(option("etalon_candidate")).asked().cells()
        return
    for op in spec.select(option("etalon_op"), option("etalon_edition")):
        for dtype in DTYPES:
            for law in op.laws:
                wanted = option("etalon_law") in ("", law) and option("etalon_dtype") in ("", dtype)
                if wanted:
                    yield Cell(option("etalon_backend"), op.id, law, dtype)


def _measured(option: Callable[[str], str]) -> Iterator[Cell]:
    """Yield the ops whose facts are measured: all where nothing but ops is chosen, and eagerly."""
    if option("etalon_mode") != "eager" or option("etalon_candidate"):
        return
    if option("etalon_law") == "" and option("etalon_dtype") in ("", characteristics.DTYPE):
        for op in spec.select(option("etalon_op"), option("etalon_edition")):
            yield Cell(option("etalon_backend"), op.id, CHARACTERISTICS, characteristics.DTYPE)


@lru_cache(maxsize=1)
def _judge(backend: str, device: str, mode: str, profile: str, seed: int) -> Judge:
    os.environ.update(BACKENDS[backend].environment)
    return Judge(Subject(BACKENDS[backend], device, mode), profile, seed)


@lru_cache(maxsize=1)
def _judge_of(order: str) -> Judge:
    return judge_of(read(order).asked())


def _chosen(backend: str, option: Callable[[str], Any]) -> Judge:
    if option("etalon_candidate"):
        return _judge_of(option("etalon_candidate"))
    names = ("device", "mode", "profile", "seed")
    return _judge(backend, *(option(f"etalon_{name}") for name in names))


def test_cell(
    cell: Cell, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """The cell conforms, or its departures are documented."""
    verdict = _chosen(cell.backend, request.config.getoption).verdict(cell)
    record_property(VERDICT, msgspec.json.encode(verdict).decode())
    if verdict.verdict in ("unsupported", "skipped"):
        # The verdict is recorded as such; what may be unsupported, tests/test_adapters.py holds.
        pytest.skip(verdict.reason)
    if verdict.verdict in BAD:
        pytest.fail(_explained(verdict), pytrace=False)


def test_characteristics(
    facts: Cell, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """What is neither right nor wrong is measured, and the code noted; nothing found fails."""
    judge = _chosen(facts.backend, request.config.getoption)
    op = spec.find(facts.op)
    written = phrase(judge.subject, op)
    found = (*characteristics.measured(judge.subject, op), *([written] if written else []))
    record_property(CHARACTERISTICS, msgspec.json.encode(found).decode())


def _explained(verdict: Verdict) -> str:
    head = f"{verdict.op} {verdict.law} on {verdict.backend} {verdict.dtype}"
    found = [cluster for cluster in verdict.clusters if cluster.divergence is None]
    return "\n".join(
        f"{head}: {cluster.cause} in {cluster.cases} of {verdict.cases} cases: "
        f"{cluster.counterexample.message}\n  {cluster.counterexample.command}"
        for cluster in found
    )
