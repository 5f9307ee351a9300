"""The pytest plugin: options that choose cells, and records written as the verdicts fall.

It is loaded in every pytest run of an environment in which Etalon is installed, so it imports
nothing before an option of Etalon's is used.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

VERDICT = "etalon"
"""The name of the test property that holds a verdict as JSON."""

CHARACTERISTICS = "characteristics"
"""The name of the test property that holds an op's characteristics as JSON, and in the id of the
test the word where others have their law."""

DONE = "etalon_done"
"""Under this name a worker is told which tests need not be run, as an earlier run has done so."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add Etalon's options to pytest's."""
    group = parser.getgroup("etalon", "numerical conformance")
    add = group.addoption
    add("--etalon-backend", metavar="NAME", help="judge this backend")
    add("--etalon-candidate", metavar="JSON", help="judge this in the backend's place")
    add("--etalon-op", default="*", metavar="GLOB", help="judge the ops whose id matches")
    add("--etalon-law", default="", metavar="LAW", help="judge by this law alone")
    add("--etalon-dtype", default="", metavar="DTYPE", help="judge in this dtype alone")
    add("--etalon-device", default="cpu", metavar="DEVICE", help="where to compute")
    add("--etalon-mode", default="eager", metavar="MODE", help="eager or compiled")
    add("--etalon-edition", default="keras3", metavar="NAME", help="keras3 or keras2")
    add("--etalon-profile", default="full", metavar="NAME", help="smoke, quick, full or explore")
    add("--etalon-seed", default=0, type=int, metavar="N", help="the seed of the run")
    add("--etalon-records", metavar="FILE", help="write each verdict and fact as a line of JSON")
    add("--etalon-resume", action="store_true", help="keep the verdicts that FILE already has")
    add("--etalon-caller", type=int, metavar="PID", help="end when this parent process is gone")
    add("--etalon-memory", type=float, metavar="GIB", help="end a worker that takes more")


def pytest_configure(config: pytest.Config) -> None:
    """Write records in the controller of a run; in its workers, and in both, guard against harm."""
    if not config.getoption("etalon_records"):
        return
    register = config.pluginmanager.register
    if hasattr(config, "workerinput"):
        register(_made("worker", "Worker", config), "etalon-worker")
    else:
        register(_made("recorder", "Recorder", config), "etalon-recorder")
        register(_made("controller", "Controller", config), "etalon-controller")


def _made(module: str, name: str, config: pytest.Config) -> object:
    found = importlib.import_module(f"etalon.conformance.running.{module}")
    return getattr(found, name)(config)


def property_of(report: pytest.TestReport, wanted: str) -> str | None:
    """Return the property of a test's report that is called so, ``None`` where it has none."""
    found = (str(value) for name, value in report.user_properties if name == wanted)
    return next(found, None)


def already(config: pytest.Config) -> set[str]:
    """Return the ids of the tests that an earlier run has done: in all workers the same."""
    if hasattr(config, "workerinput"):
        return set(config.workerinput.get(DONE, ()))
    path = config.getoption("etalon_records")
    return recorded(Path(path)) if path and config.getoption("etalon_resume") else set()


def recorded(path: Path) -> set[str]:
    """Return the ids of the tests whose verdict or facts, a phrase at last, a record file has."""
    if not path.exists():
        return set()
    records = (_object(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {
        ":".join((r["backend"], r["op"], r.get("law", CHARACTERISTICS), r.get("dtype", "float32")))
        for r in records
        if r.get("record") in ("verdict", "phrase")
    }


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
