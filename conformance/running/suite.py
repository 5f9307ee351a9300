"""The suite that ``etalon verify`` runs: one test for each cell, one for the facts of each op.

By hand: ``pytest --pyargs etalon.conformance.running.suite --etalon-backend torch -k conv2d``.
``--etalon-op``, ``--etalon-device``, ``--etalon-mode`` and ``--etalon-profile`` choose as the
options of the command do; no record is written. The command hands all that it was asked for to
``--etalon-request``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from etalon import spec
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.programs.adapter_code import adapter_code
from etalon.conformance.running import request, run_plan
from etalon.conformance.running.plugin import CHARACTERISTICS, DONE, VERDICT
from etalon.conformance.truths.known import kept
from etalon.reports.records import BAD, Verdict


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each cell that is asked for and that no record has yet."""
    asked, done = request.of(metafunc.config), _done(metafunc.config)
    judged = "cell" in metafunc.fixturenames
    wanted = run_plan.cells(asked) if judged else run_plan.measured(asked)
    metafunc.parametrize(
        "cell" if judged else "facts",
        [pytest.param(cell, id=cell.id) for cell in wanted if cell.id not in done],
    )


def _done(config: pytest.Config) -> set[str]:
    """Return the ids of the tests that an earlier run has done: in all workers the same."""
    recorder = config.pluginmanager.getplugin("etalon-recorder")
    told = getattr(config, "workerinput", {}).get(DONE, ())
    return set(recorder.skipped if recorder else told)


@pytest.fixture(scope="session")
def judge(pytestconfig: pytest.Config) -> Iterator[Judge]:
    """Yield the judge of the run; a worker can be left for another where its process is spoilt."""
    worker = pytestconfig.pluginmanager.getplugin("etalon-worker")
    asked = request.of(pytestconfig)
    judge = run_plan.judge(asked, worker.retrials if worker else None)
    if not worker:
        judge.control.answers()  # so that a first call that spoils the process is known as one
    with kept(adding=not run_plan.foreign(asked)):
        yield judge


def test_cell(cell: Cell, judge: Judge, record_property: Callable[[str, object], None]) -> None:
    """The cell conforms, or its departures are documented."""
    verdict = judge.verdict(cell)
    record_property(VERDICT, msgspec.json.encode(verdict).decode())
    if verdict.verdict in ("unsupported", "skipped", "nothing claimed"):
        # The verdict is recorded as such; what may be unsupported, tests/test_adapters.py holds.
        pytest.skip(verdict.reason)
    if verdict.verdict in BAD:
        pytest.fail(_explained(verdict), pytrace=False)


def test_characteristics(
    facts: Cell, judge: Judge, record_property: Callable[[str, object], None]
) -> None:
    """What is neither right nor wrong is measured, and the code noted; nothing found fails."""
    op = spec.find(facts.op)
    written = adapter_code(judge.subject, op)
    found = (*run_plan.facts(judge, op), *([written] if written else []))
    record_property(CHARACTERISTICS, msgspec.json.encode(found).decode())


def _explained(verdict: Verdict) -> str:
    head = f"{verdict.op} {verdict.law} on {verdict.backend} {verdict.dtype}"
    found = [cluster for cluster in verdict.clusters if cluster.divergence is None]
    if not found:
        return f"{head}: {verdict.reason}"
    return "\n".join(
        f"{head}: {cluster.cause} in {cluster.cases} of {verdict.cases} cases: "
        + "\n  ".join(f"{w}{one.message}\n  {one.command}" for w, one in cluster.shown.items())
        for cluster in found
    )
