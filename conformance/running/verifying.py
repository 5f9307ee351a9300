"""``etalon verify``: run the suite for each backend, in a process of its own, and watch it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from etalon import spec
from etalon.backends import BACKENDS, MODES, Backend
from etalon.conformance.arithmetic.precision import DTYPES
from etalon.conformance.candidates.order import Order
from etalon.conformance.commands.errors import NothingJudged, WrongCall
from etalon.conformance.commands.probe import probe
from etalon.conformance.judging.divergences import Place, divergences
from etalon.conformance.running.growing import Growing
from etalon.conformance.running.recordfile import InUse, begin, locked
from etalon.reports.records import Run, Verdict, read
from etalon.spec.model import EDITIONS, LAWS

PROFILES = ("smoke", "quick", "full", "explore")
DEVICES = ("cpu", "gpu")
RESTARTS = 100_000
"""How many workers may die in a run: as many as will."""
ATTEMPTS = 5
"""How often a run is begun that ends by accident."""
POLL = 0.2
"""Seconds between two looks at a record file that is being written."""

Watch = Callable[[str, int, int], None]
"""Called with a backend's name, how many verdicts there are, and how many there will be."""


@dataclass(frozen=True)
class Request:
    """What ``verify`` was asked for."""

    backends: tuple[str, ...]
    out: Path
    op: str = "*"
    law: str = ""
    dtype: str = ""
    device: str = "cpu"
    mode: str = "eager"
    edition: str = EDITIONS[0]
    profile: str = "full"
    seed: int = 0
    workers: int = 1
    resume: bool = False
    extra: tuple[str, ...] = ()
    candidate: Order | None = None
    """Somebody's own implementation, which is judged in the backend's place."""


@dataclass(frozen=True)
class Finished:
    """What came of one backend; ``problem`` says in one sentence why its run is not whole."""

    backend: str
    records: Path
    verdicts: tuple[Verdict, ...]
    seconds: float
    problem: str = ""


def check(request: Request) -> tuple[Backend, ...]:
    """Return the backends to judge.

    Raises:
        WrongCall: a name is unknown, or the output folder can't be written.
        NothingJudged: a backend is not installed, or lacks the device.
        UnknownOp: no op matches.
    """
    _known(request.edition, EDITIONS, "edition")
    spec.select(request.op, request.edition)
    _known(request.law, tuple(LAWS), "law")
    _known(request.dtype, DTYPES, "dtype")
    _known(request.profile, PROFILES, "profile")
    chosen = usable(request.backends, request.device, request.mode)
    writable(request.out)
    for backend in chosen:
        _free(_records(request, backend))
        if request.resume:
            _resumable(request, _records(request, backend))
    return chosen


def _resumable(request: Request, records: Path) -> None:
    """Refuse to go on with a run of another profile or seed."""
    if not records.exists():
        return
    for record in read(records, partial=True):
        if isinstance(record, Run) and (record.profile, record.seed) != (
            request.profile,
            request.seed,
        ):
            began = f"--profile {record.profile} --seed {record.seed}"
            raise WrongCall(f"{records} began with {began}: it can't go on with others")


def _free(records: Path) -> None:
    try:
        locked(records).release()
    except InUse as error:
        raise WrongCall(str(error)) from error


def _records(request: Request, backend: Backend) -> Path:
    if request.candidate:
        return request.out / "records" / f"check-{request.candidate.label}.jsonl"
    device = "" if request.device == "cpu" else f"-{request.device}"
    mode = "" if request.mode == "eager" else f"-{request.mode}"
    edition = "" if request.edition == EDITIONS[0] else f"-{request.edition}"
    name = f"{backend.name}{device}{mode}{edition}"
    return request.out / "records" / f"{name}.jsonl"


def usable(names: Sequence[str], device: str, mode: str = "eager") -> tuple[Backend, ...]:
    """Return the backends with these names, all that can be judged so where there is no name.

    Raises:
        WrongCall: a name is unknown.
        NothingJudged: a backend is not installed, or lacks the device or the mode.
    """
    _known(device, DEVICES, "device")
    _known(mode, MODES, "mode")
    for name in names:
        _known(name, tuple(BACKENDS), "backend")
    found = (b for b in BACKENDS.values() if not b.missing() and mode in b.modes)
    chosen = tuple(BACKENDS[name] for name in names) or tuple(found)
    for backend in chosen:
        _require(backend, device, mode)
        divergences(Place(backend.name, device, mode))
    return chosen


def _known(value: str, known: Sequence[str], what: str) -> None:
    if value and value not in known:
        raise WrongCall(f"no {what} is called {value!r}: there are {', '.join(known)}")


def _require(backend: Backend, device: str, mode: str) -> None:
    missing = backend.missing()
    if missing:
        hint = f": pip install 'nn-etalon[{backend.extra}]'" if backend.extra else ""
        raise NothingJudged(
            f"{backend.name} can't be judged here, {' and '.join(missing)} not installed{hint}"
        )
    if mode not in backend.modes:
        raise NothingJudged(f"{backend.name} has no {mode} mode: it runs {backend.modes[0]}")
    if device != "cpu" or backend.provider:
        _found(backend, device, mode)


def _found(backend: Backend, device: str, mode: str) -> None:
    """Import a backend in a process of its own, and see whether it has the device and the mode."""
    found = probe(backend)
    if found.problem and device == "cpu":
        raise NothingJudged(f"{backend.name} {found.problem}")
    if device not in found.devices:
        reason = found.problem or f"it finds only {', '.join(found.devices)}"
        raise NothingJudged(f"{backend.name} can't be judged on a {device} here: {reason}")
    if mode not in found.modes:
        raise NothingJudged(f"{backend.name} has no {mode} mode: it runs {found.modes[0]}")


def writable(out: Path) -> None:
    """See that records can be written into a folder.

    Raises:
        WrongCall: they can't.
    """
    try:
        (out / "records").mkdir(parents=True, exist_ok=True)
        (out / "logs").mkdir(exist_ok=True)
        probe_file = out / "records" / ".writable"
        probe_file.touch()
        probe_file.unlink()
    except OSError as error:
        raise WrongCall(f"can't write into {out}: {error.strerror}") from error


def verify(request: Request, backend: Backend, watch: Watch) -> Finished:
    """Run the suite for one backend and return its verdicts; one that breaks off goes on."""
    records = _records(request, backend)
    log = request.out / "logs" / f"{records.stem}.txt"
    if not request.resume:
        begin(records)
    log.unlink(missing_ok=True)
    start = time.perf_counter()
    for _ in range(ATTEMPTS):
        status = _run(request, backend, log, watch)
        request = replace(request, resume=True)
        if not _broken_off(status):
            break
    verdicts, cells = _read(records)
    watch(backend.name, len(verdicts), cells)
    problem = _problem(status, len(verdicts), cells, log)
    return Finished(backend.name, records, verdicts, time.perf_counter() - start, problem)


def _run(request: Request, backend: Backend, log: Path, watch: Watch) -> int:
    """Run the suite once, or what of it has no verdict yet, and return how it ended."""
    records = _records(request, backend)
    with log.open("ab") as output:
        child = subprocess.Popen(
            _command(request, backend, records),
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **backend.environment, **_folders(request.out, backend)},
        )
        try:
            _follow(child, backend.name, records, watch)
        finally:
            child.terminate()
            child.wait()
    return child.returncode


def _broken_off(status: int) -> bool:
    """Return whether a run ended by accident: it was killed, or pytest failed itself."""
    return status == pytest.ExitCode.INTERNAL_ERROR or (
        status < 0 and -status not in (signal.SIGINT, signal.SIGTERM)
    )


def _folders(out: Path, backend: Backend) -> dict[str, str]:
    """Return where Hypothesis and the backend may keep files: not in the folder of the caller."""
    folders = {"HYPOTHESIS_STORAGE_DIRECTORY": ".hypothesis", **backend.folders}
    return {variable: str((out / folder).resolve()) for variable, folder in folders.items()}


def _command(request: Request, backend: Backend, records: Path) -> list[str]:
    ini = Path(__file__).parent / "pytest.ini"
    restarts = RESTARTS if request.candidate is None else 1
    return [
        *(sys.executable, "-m", "pytest", "--pyargs", "etalon.conformance.running.suite"),
        *("-c", str(ini), "-o", f"cache_dir={(request.out / '.pytest_cache').resolve()}"),
        *("-q", "--no-header", "--tb=short"),
        *("-n", str(request.workers), "--dist=load", f"--max-worker-restart={restarts}"),
        *("--etalon-backend", backend.name, "--etalon-op", request.op),
        *("--etalon-law", request.law, "--etalon-dtype", request.dtype),
        *("--etalon-device", request.device, "--etalon-mode", request.mode),
        *("--etalon-edition", request.edition, "--etalon-profile", request.profile),
        *("--etalon-seed", str(request.seed), "--etalon-records", str(records.resolve())),
        *("--etalon-caller", str(os.getpid())),
        *(["--etalon-resume"] if request.resume else []),
        *_ordered(request.candidate),
        *request.extra,
    ]


def _ordered(candidate: Order | None) -> list[str]:
    """Return the arguments for a candidate: what is to be judged, and how long it may hang."""
    if candidate is None:
        return []
    return [f"--timeout={5 * candidate.timeout:g}", "--etalon-candidate", candidate.text]


def _follow(child: subprocess.Popen[bytes], name: str, records: Path, watch: Watch) -> None:
    grown = Growing(records)
    while child.poll() is None:
        grown.look()
        watch(name, grown.verdicts, grown.cells)
        time.sleep(POLL)


def _read(records: Path) -> tuple[tuple[Verdict, ...], int]:
    """Return the verdicts written so far, and how many there will be."""
    if not records.exists() or not records.read_bytes().strip():
        return (), 0
    found = list(read(records, partial=True))
    cells = sum(record.cells for record in found if isinstance(record, Run))
    return tuple(record for record in found if isinstance(record, Verdict)), cells


def _problem(status: int, verdicts: int, cells: int, log: Path) -> str:
    if status == 5 or (status in (0, 1) and verdicts >= cells):
        return ""
    ended = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    last = f"; it last said: {lines[-1]}" if lines else ""
    far = f"after {verdicts} of {cells or 'its'} verdicts"
    return f"the run {ended} {far}{last} (see {log}); --resume goes on with it"
