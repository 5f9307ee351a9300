"""What ``etalon verify`` is asked for, and whether it can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from etalon import spec
from etalon.backends import BACKENDS, Backend
from etalon.conformance.candidates.order import Order
from etalon.conformance.judging.divergences import divergences
from etalon.conformance.running.errors import NothingJudged, WrongCall
from etalon.conformance.running.plugin import BY_HAND
from etalon.conformance.running.probe import probe
from etalon.conformance.running.record_file import InUse, locked
from etalon.conformance.subjects.place import Place
from etalon.reports.records import SCHEMA_VERSION, Run, Verdict, read
from etalon.spec.words import DEVICES, DTYPES, EDITIONS, EXECUTIONS, LAWS, MODES, PROFILES, VALUES

if TYPE_CHECKING:
    import pytest

Watch = Callable[[str, Sequence[Verdict], int], None]
"""Called with a run's name, which its records have, its verdicts so far, and how many come."""


@dataclass(frozen=True)
class Request:
    """What ``verify`` was asked for. As JSON it is the one option that the suite is run with."""

    backends: tuple[str, ...]
    out: Path
    op: str = "*"
    law: str = ""
    dtype: str = ""
    device: str = "cpu"
    mode: str = ""
    """How the backends are asked to compute; where it is empty, each as most of its users do."""
    edition: str = EDITIONS[0]
    profile: str = "quick"
    seed: int = 0
    workers: int = 1
    resume: bool = False
    extra: tuple[str, ...] = ()
    candidate: Order | None = None
    """Somebody's own implementation, which is judged in the backend's place."""
    ray: str = ""
    """The address of a Ray cluster whose nodes judge, in this machine's place."""
    ray_install: bool = False
    """Whether its nodes install Etalon and the backends for the run."""

    def mode_of(self, backend: Backend) -> str:
        """Return how a backend is asked to compute; a candidate is called as it is."""
        return EXECUTIONS[0] if self.candidate else self.mode or backend.modes[0]

    def parts(self, backend: Backend) -> tuple[Request, ...]:
        """Return the request by the modes to judge a backend in.

        A short run judges what is compiled eagerly, too: where nothing else is said, the values in
        the dtype that most people compute in, as each operation is compiled by itself then.
        """
        short = not self.mode and self.profile == PROFILES[0]
        if not short or EXECUTIONS[0] not in backend.modes[1:]:
            return (self,)
        law, dtype = self.law or VALUES, self.dtype or DTYPES[0]
        return self, replace(self, mode=EXECUTIONS[0], law=law, dtype=dtype)

    @property
    def text(self) -> str:
        """The request as JSON, from which :func:`parse` makes it again."""
        return msgspec.json.encode(self, enc_hook=str).decode()


@lru_cache(maxsize=1)
def parse(text: str) -> Request:
    """Return the request that a text is."""
    return msgspec.json.decode(text, type=Request, dec_hook=_path)


def _path(kind: type, text: Any) -> Any:
    return kind(text)


def of(config: pytest.Config) -> Request:
    """Return what a pytest run is asked for: by a command, or by somebody's own hand.

    Raises:
        UsageError: no backend is named, or a word is unknown.
    """
    option = config.getoption
    if option("etalon_request"):
        return parse(option("etalon_request"))
    import pytest

    if not option("etalon_backend"):
        raise pytest.UsageError("say which backend to judge: --etalon-backend torch")
    chosen = {name: option(f"etalon_{name}") for name in BY_HAND}
    said = {name: value for name, value in chosen.items() if value is not None}
    request = Request((option("etalon_backend"),), Path(), **said)
    try:
        _words(request)
        _named(request.backends, request.device, request.mode)
    except (WrongCall, spec.UnknownOp) as error:
        raise pytest.UsageError(str(error)) from error
    return request


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
    _words(request)
    place = (request.backends, request.device, request.mode)
    chosen = _elsewhere(request) if request.ray else usable(*place)
    writable(request.out)
    for backend in chosen:
        _free(record_file(request, backend))
        if request.resume:
            _resumable(request, record_file(request, backend))
    return chosen


def _words(request: Request) -> None:
    """See that there is what a request names, but for the places where it is judged."""
    _known(request.edition, EDITIONS, "edition")
    spec.select(request.op, request.edition)
    _known(request.law, tuple(LAWS), "law")
    _known(request.dtype, DTYPES, "dtype")
    _known(request.profile, PROFILES, "profile")


def _elsewhere(request: Request) -> tuple[Backend, ...]:
    """Return the backends to judge where each node sees for itself whether it has them."""
    if request.extra:
        raise WrongCall("--pytest and --ray exclude each other: each op is a run of its own there")
    _named(request.backends, request.device, request.mode)
    found = (b for b in BACKENDS.values() if request.ray_install or not b.missing())
    able = (b for b in found if request.mode in ("", *b.modes))
    return tuple(BACKENDS[name] for name in request.backends) or tuple(able)


def _resumable(request: Request, records: Path) -> None:
    """Refuse to go on with a run of another profile, seed, or version of the format."""
    if not records.exists():
        return
    for record in read(records, partial=True):
        if not isinstance(record, Run):
            continue
        if record.schema != SCHEMA_VERSION:
            raise WrongCall(f"{records} was begun by Etalon {record.etalon}: begin it anew")
        if (record.profile, record.seed) != (request.profile, request.seed):
            began = f"--profile {record.profile} --seed {record.seed}"
            raise WrongCall(f"{records} began with {began}: it can't go on with others")


def _free(records: Path) -> None:
    try:
        locked(records).release()
    except InUse as error:
        raise WrongCall(str(error)) from error


def record_file(request: Request, backend: Backend) -> Path:
    """Return where the records of one backend go."""
    if request.candidate:
        return request.out / "records" / f"check-{request.candidate.label}.jsonl"
    device = "" if request.device == "cpu" else f"-{request.device}"
    mode = "" if request.mode in ("", backend.modes[0]) else f"-{request.mode}"
    edition = "" if request.edition == EDITIONS[0] else f"-{request.edition}"
    name = f"{backend.name}{device}{mode}{edition}"
    return request.out / "records" / f"{name}.jsonl"


def usable(names: Sequence[str], device: str, mode: str = "") -> tuple[Backend, ...]:
    """Return the backends with these names, all that can be judged so where there is no name.

    Without a mode, each is judged as most of its users call it.

    Raises:
        WrongCall: a name is unknown.
        NothingJudged: a backend is not installed, or lacks the device or the mode.
    """
    _named(names, device, mode)
    found = (b for b in BACKENDS.values() if not b.missing() and mode in ("", *b.modes))
    chosen = tuple(BACKENDS[name] for name in names) or tuple(found)
    for backend in chosen:
        _require(backend, device, mode)
        divergences(Place(backend.name, device, mode or backend.modes[0]))
    return chosen


def _named(backends: Sequence[str], device: str, mode: str) -> None:
    _known(device, DEVICES, "device")
    _known(mode, MODES, "mode")
    for name in backends:
        _known(name, tuple(BACKENDS), "backend")


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
    if mode not in ("", *backend.modes):
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
    if mode not in ("", *found.modes):
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
