"""The pytest plugin: options that choose cells, and records written as the verdicts fall.

It is loaded in every pytest run of an environment in which Etalon is installed, so it imports
nothing before an option of Etalon's is used.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

VERDICT = "etalon"
"""The name of the test property that holds a verdict as JSON."""

CHARACTERISTICS = "characteristics"
"""The name of the test property that holds an op's characteristics as JSON, and in the id of the
test the word where others have their law."""

DONE = "etalon_done"
"""Under this name a worker is told which tests need not be run, as an earlier run has done so."""

BY_HAND = {
    "op": "judge the ops whose id matches",
    "device": "where to compute, as in etalon verify",
    "mode": "how to execute, as in etalon verify",
    "profile": "how much is judged, as in etalon verify",
}
"""What may be said of a run without a command: pytest's ``-k`` chooses laws and dtypes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add Etalon's options to pytest's."""
    group = parser.getgroup("etalon", "numerical conformance")
    add = group.addoption
    add("--etalon-request", metavar="JSON", help="judge what a command was asked for; record it")
    add("--etalon-backend", metavar="NAME", help="by hand: judge this backend")
    for name, says in BY_HAND.items():
        add(f"--etalon-{name}", metavar=name.upper(), help=f"by hand: {says}")
    add("--etalon-caller", type=int, metavar="PID", help="end when this parent process is gone")
    add("--etalon-memory", type=float, metavar="GIB", help="end a worker that takes more")


def pytest_configure(config: pytest.Config) -> None:
    """Write records in the controller of a run; in its workers, and in both, guard against harm."""
    if not config.getoption("etalon_request"):
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


def recorded(path: Path) -> set[str]:
    """Return the ids of the tests whose verdict or facts, its code at last, a record file has."""
    if not path.exists():
        return set()
    records = (_object(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {
        ":".join((r["backend"], r["op"], r.get("law", CHARACTERISTICS), r.get("dtype", "float32")))
        for r in records
        if r.get("record") in ("verdict", "adapter_code")
    }


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
