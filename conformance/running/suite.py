"""The suite that ``etalon verify`` runs: one test for each cell of a backend.

By hand: ``pytest --pyargs etalon.conformance.running.suite --etalon-backend torch -k conv2d``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.arithmetic.precision import DTYPES
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.subject import Subject
from etalon.conformance.running.plugin import VERDICT, recorded
from etalon.reports.records import BAD, Verdict


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each cell that the options choose and no record has yet."""
    option = metafunc.config.getoption
    if option("etalon_backend") is None:
        raise pytest.UsageError("say which backend to judge: --etalon-backend torch")
    done = recorded(Path(option("etalon_records"))) if option("etalon_resume") else set()
    metafunc.parametrize(
        "cell",
        [
            pytest.param(cell, id=cell.id, marks=pytest.mark.xdist_group(cell.op))
            for cell in _cells(option)
            if cell.id not in done
        ],
    )


def _cells(option: Callable[[str], str]) -> Iterator[Cell]:
    for op in spec.select(option("etalon_op")):
        for dtype in DTYPES:
            for law in op.laws:
                wanted = option("etalon_law") in ("", law) and option("etalon_dtype") in ("", dtype)
                if wanted:
                    yield Cell(option("etalon_backend"), op.id, law, dtype)


@lru_cache(maxsize=1)
def _judge(backend: str, device: str, mode: str, profile: str, seed: int) -> Judge:
    os.environ.update(BACKENDS[backend].environment)
    return Judge(Subject(BACKENDS[backend], device, mode), profile, seed)


def test_cell(
    cell: Cell, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """The cell conforms, or its departures are documented."""
    option = request.config.getoption
    chosen = (option(f"etalon_{name}") for name in ("device", "mode", "profile", "seed"))
    judge = _judge(cell.backend, *chosen)
    verdict = judge.verdict(cell)
    record_property(VERDICT, msgspec.json.encode(verdict).decode())
    if verdict.verdict in ("unsupported", "skipped"):
        pytest.skip(verdict.reason)
    if verdict.verdict in BAD:
        pytest.fail(_explained(verdict), pytrace=False)


def _explained(verdict: Verdict) -> str:
    head = f"{verdict.op} {verdict.law} on {verdict.backend} {verdict.dtype}"
    found = [cluster for cluster in verdict.clusters if cluster.divergence is None]
    return "\n".join(
        f"{head}: {cluster.cause} in {cluster.cases} of {verdict.cases} cases: "
        f"{cluster.counterexample.message}\n  {cluster.counterexample.command}"
        for cluster in found
    )
