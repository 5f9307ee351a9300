"""``etalon.check``: judge somebody's own implementation, in the process that it lives in."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etalon import spec
from etalon.backends import BACKENDS, Backend
from etalon.conformance.candidates.candidate import Candidate
from etalon.conformance.candidates.failure_text import told
from etalon.conformance.candidates.name_mapping import InvalidMapping, Names, Rules
from etalon.conformance.cases.case import parse
from etalon.conformance.judging.control import SPOILS, Control
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.sampling import PROFILES
from etalon.reports.records import BAD, Verdict
from etalon.spec.model import Op, Value
from etalon.spec.object_path import NoSuchObject, load
from etalon.spec.words import DEVICES, DTYPES, INVALID_CALLS, LAWS

USUAL_DTYPES = ("float32", "float64")
"""What is judged where nothing is said: many layers are not made for half of the digits."""


class InvalidCheck(ValueError):
    """A check can't be made as it was asked for; the message says why."""


class DoesNotConform(AssertionError):
    """An implementation does not compute what its op specifies; the message shows where."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a candidate: how it is called, and what it is judged by."""

    made: Any
    op: Op
    backend: Backend
    names: Names = field(default_factory=Names)
    laws: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = USUAL_DTYPES
    device: str = "cpu"
    profile: str = "quick"
    seed: int = 0
    timeout: float = 60

    @property
    def label(self) -> str:
        """What the candidate is called in records."""
        name = getattr(self.made, "__name__", type(self.made).__name__)
        return name if name.isidentifier() else "function"

    def candidate(self) -> Candidate:
        """Return the subject to judge."""
        return Candidate(
            self.made,
            self.op,
            self.backend,
            self.names,
            again=self.again,
            device=self.device,
            timeout=self.timeout,
        )

    def cells(self) -> Iterator[Cell]:
        """Yield what there is a verdict about."""
        for law in self.laws:
            for dtype in self.dtypes:
                yield Cell(self.label, self.op.id, law, dtype)

    def again(self, case: str) -> str:
        """Return how a case is judged again: a command, or a call where no command can."""
        place = _place(self.made)
        rules = {**self.names.config, **self.names.weights}
        if not place or any(callable(rule) for rule in rules.values()):
            return f"etalon.check({self.label}, …, case={case!r})"
        words = ["etalon", "check", place, "--op", self.op.id, "--backend", self.backend.name]
        for option, pairs in (("--config", self.names.config), ("--weights", self.names.weights)):
            words += [word for own, rule in pairs.items() for word in (option, f"{own}={rule}")]
        for name in self.names.only:
            value = next(v for n, v in parse(case).traits.items() if n == name)
            words += ["--only", f"{name}={value}"]
        return shlex.join([*words, "--case", case])


def asked(
    made: Any,
    *,
    op: str | Op,
    backend: str,
    config: Rules | None = None,
    weights: Rules | None = None,
    only: Mapping[str, Value] | None = None,
    laws: Sequence[str] | None = None,
    dtypes: Sequence[str] = USUAL_DTYPES,
    device: str = "cpu",
    profile: str = "quick",
    seed: int = 0,
    timeout: float = 60,
) -> Asked:
    """Return what is asked for, every word of it known.

    Raises:
        InvalidCheck: a name is unknown, or the backend is not here.
        NoSuchObject: there is no object at the place that ``made`` or ``op`` names.
        UnknownOp: no op has this id.
    """
    entry = _entry(op)
    judged = [law for law in entry.laws if law != INVALID_CALLS] if laws is None else laws
    for given, known, what in (
        ([backend], tuple(BACKENDS), "backend"),
        (judged, entry.laws if laws is None else tuple(LAWS), "law"),
        (dtypes, DTYPES, "dtype"),
        ([device], DEVICES, "device"),
        ([profile], tuple(PROFILES), "profile"),
    ):
        for name in given:
            if name not in known:
                raise InvalidCheck(f"no {what} is called {name!r}: there are {', '.join(known)}")
    for law in set(judged) - set(entry.laws):
        raise InvalidCheck(f"{entry.id} has no law {law!r}: it has {', '.join(entry.laws)}")
    return Asked(
        made=load(made) if isinstance(made, str) else made,
        op=entry,
        backend=BACKENDS[backend],
        names=Names(config=config or {}, weights=weights or {}, only=only or {}),
        laws=tuple(judged),
        dtypes=tuple(dtypes),
        device=device,
        profile=profile,
        seed=seed,
        timeout=timeout,
    )


def _entry(op: str | Op) -> Op:
    if isinstance(op, Op):
        return spec.add(op)
    if ":" not in op:
        return spec.find(op)
    found = load(op)
    if not isinstance(found, Op):
        raise NoSuchObject(f"{op} is no Op, but of type {type(found).__name__}")
    return spec.add(found)


def judged(request: Asked, case: str | None = None) -> tuple[Verdict, ...]:
    """Judge all cells, or one case by all laws that concern it.

    Raises:
        InvalidCheck: the framework is not installed, or an earlier check has spoilt the process.
        InvalidMapping: the names of the candidate and of the op don't fit.
        DoesNotConform: its first call spoils the process.
    """
    judge = Judge(subject(request), request.profile, request.seed)
    if judge.control.spoilt:
        raise InvalidCheck(f"{request.label} as {request.op.id}: {judge.control.spoilt}")
    judge.control.look(f"{request.label} was called first")
    if judge.control.spoilt:
        raise DoesNotConform(f"{request.label} as {request.op.id} {SPOILS}: {judge.control.spoilt}")
    if case is None:
        return tuple(judge.verdict(cell) for cell in request.cells())
    chosen = parse(case)
    cells = (Cell(request.label, request.op.id, law, chosen.dtype) for law in request.laws)
    return tuple(v for cell in cells if (v := judge.verdict_of(cell, chosen)).cases)


def subject(request: Asked, *, names: bool = True) -> Candidate:
    """Return the candidate, its framework imported, and its names matched in a first case.

    Where they were matched in another process, ``names`` is false: a first call may spoil this one.
    """
    missing = request.backend.missing()
    if missing:
        raise InvalidCheck(f"{' and '.join(missing)} not installed")
    _set(request.backend)
    try:
        candidate = request.candidate()
        _require(candidate)
        Control(candidate).answers()
        if names:
            candidate.try_names(request.dtypes[0])
    except InvalidMapping as error:
        raise InvalidMapping(f"{request.label} as {request.op.id}: {error}") from None
    return candidate


def _require(candidate: Candidate) -> None:
    """See that the framework finds the device."""
    there = candidate.package.devices()
    if candidate.device not in there:
        found = f"it finds only {', '.join(there)}"
        raise InvalidCheck(
            f"{candidate.name} can't be judged on a {candidate.device} here: {found}"
        )


def _set(backend: Backend) -> None:
    """Tell the framework what it has to know before it is imported."""
    framework = backend.environment.get("KERAS_BACKEND")
    if framework and backend.family in sys.modules:
        found = sys.modules[backend.family].config.backend()
        if found != framework:
            here = f"{backend.family}-{found}"
            hint = f"say backend={here!r}" if here in BACKENDS else f"no backend is called {here!r}"
            raise InvalidCheck(f"Keras computes with {found} here: {hint}")
    elif framework:
        os.environ.update(backend.environment)


def require(request: Asked, verdicts: Sequence[Verdict]) -> None:
    """Raise :class:`DoesNotConform` where a verdict is bad."""
    __tracebackhide__ = True
    if any(verdict.verdict in BAD for verdict in verdicts):
        raise DoesNotConform(told(request.label, request.op.id, request.backend.name, verdicts))


def _place(made: Any) -> str:
    """Return where an object can be imported from; empty where it can't be."""
    name, module = getattr(made, "__qualname__", ""), getattr(made, "__module__", "") or ""
    place = f"{module}:{name}"
    try:
        return place if module != "__main__" and load(place) is made else ""
    except NoSuchObject:
        return ""
