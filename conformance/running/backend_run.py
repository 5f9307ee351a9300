"""``etalon verify``: run the suite for each backend, in a process of its own, and watch it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from etalon.backends import Backend
from etalon.conformance.running import compiled_code
from etalon.conformance.running.record_file import Tail, begin, notes
from etalon.conformance.running.request import Finished, Request, Watch, record_file
from etalon.reports.records import Run, Verdict, read

RESTARTS = 100_000
"""How many workers may die in a run: as many as will."""
ATTEMPTS = 5
"""How often a run is begun that ends by accident."""
INTERNAL_ERROR, NO_TESTS = 3, 5
"""Exit statuses of pytest, which this process has no other use for, and so does not import."""
PLUGINS = ("etalon.conformance.running.plugin", "xdist.plugin", "pytest_timeout")
"""What a run needs of pytest's plugins."""
POLL = 0.2
"""Seconds between two looks at a record file that is being written."""


def verify(
    request: Request, backend: Backend, watch: Watch, meanwhile: Callable[[], None] = lambda: None
) -> Finished:
    """Run the suite for one backend and return its verdicts; one that breaks off goes on.

    ``meanwhile`` is done while its processes start. What that raises ends the run.
    """
    records = record_file(request, backend)
    log = request.out / "logs" / f"{records.stem}.txt"
    if not request.resume:
        begin(records)
    log.unlink(missing_ok=True)
    notes(records).unlink(missing_ok=True)
    compiled_code.make_room(backend)
    start = time.perf_counter()
    for _ in range(ATTEMPTS):
        status = _run(request, backend, log, watch, meanwhile)
        request, meanwhile = replace(request, resume=True), lambda: None
        if not _broken_off(status):
            break
    notes(records).unlink(missing_ok=True)
    verdicts, cells = _read(records)
    watch(records.stem, verdicts, cells)
    problem = _problem(status, len(verdicts), cells, log)
    return Finished(backend.name, records, verdicts, time.perf_counter() - start, problem)


def _run(
    request: Request, backend: Backend, log: Path, watch: Watch, meanwhile: Callable[[], None]
) -> int:
    """Run the suite once, or what of it has no verdict yet, and return how it ended."""
    records = record_file(request, backend)
    with log.open("ab") as output:
        child = subprocess.Popen(
            _command(request, backend),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(request, backend),
        )
        try:
            meanwhile()
            _follow(child, records, watch)
        finally:
            child.terminate()
            child.wait()
    return child.returncode


def _broken_off(status: int) -> bool:
    """Return whether a run ended by accident: it was killed, or pytest failed itself."""
    return status == INTERNAL_ERROR or (
        status < 0 and -status not in (signal.SIGINT, signal.SIGTERM)
    )


def _environment(request: Request, backend: Backend) -> dict[str, str]:
    own = {**backend.environment, **_folders(request.out, backend), **_plugins(request)}
    return {**os.environ, **own}


def _plugins(request: Request) -> dict[str, str]:
    """Return what has pytest load no plugin but those of a run: whatever is installed beside them.

    Whoever tells pytest more may mean it for a plugin, so all are loaded then.
    """
    if request.extra or {"PYTEST_ADDOPTS", "PYTEST_PLUGINS"} & os.environ.keys():
        return {}
    return {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": ",".join(PLUGINS)}


def _folders(out: Path, backend: Backend) -> dict[str, str]:
    """Return where Hypothesis and the backend may keep files: not in the folder of the caller."""
    hypothesis = str((out / ".hypothesis").resolve())
    return {"HYPOTHESIS_STORAGE_DIRECTORY": hypothesis, **compiled_code.folders(backend)}


def _command(request: Request, backend: Backend) -> list[str]:
    ini = Path(__file__).parent / "pytest.ini"
    whole = replace(request, backends=(backend.name,), out=request.out.resolve())
    return [
        *(sys.executable, "-m", "pytest", "--pyargs", "etalon.conformance.running.suite"),
        *("-c", str(ini), "-o", f"cache_dir={(request.out / '.pytest_cache').resolve()}"),
        *("-q", "--no-header", "--tb=short", "--noconftest"),
        *("-n", str(request.workers), "--dist=load", f"--max-worker-restart={RESTARTS}"),
        *("--etalon-request", whole.text, "--etalon-caller", str(os.getpid())),
        *([f"--timeout={5 * request.candidate.timeout:g}"] if request.candidate else []),
        *request.extra,
    ]


def _follow(child: subprocess.Popen[bytes], records: Path, watch: Watch) -> None:
    tail = Tail(records)
    while not _ended(child):
        tail.look()
        watch(records.stem, tail.verdicts, tail.cells)


def _ended(child: subprocess.Popen[bytes]) -> bool:
    """Wait a moment for a process; return whether it has ended."""
    try:
        child.wait(POLL)
    except subprocess.TimeoutExpired:
        return False
    return True


def _read(records: Path) -> tuple[tuple[Verdict, ...], int]:
    """Return the verdicts written so far, and how many there will be."""
    if not records.exists() or not records.read_bytes().strip():
        return (), 0
    found = list(read(records, partial=True))
    cells = sum(record.cells for record in found if isinstance(record, Run))
    return tuple(record for record in found if isinstance(record, Verdict)), cells


def _problem(status: int, verdicts: int, cells: int, log: Path) -> str:
    if status == NO_TESTS or (status in (0, 1) and verdicts >= cells):
        return ""
    ended = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    last = f"; it last said: {lines[-1]}" if lines else ""
    far = f"after {verdicts} of {cells or 'its'} verdicts"
    return f"the run {ended} {far}{last} (see {log}); --resume goes on with it"
