"""``etalon.check``: judge somebody's own implementation, in the process that it lives in."""

from __future__ import annotations

import inspect
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Unpack

from etalon import spec
from etalon.backends import BACKENDS, Backend
from etalon.backends.adapters import host
from etalon.backends.hosting import Host
from etalon.conformance.candidates.candidate import Candidate
from etalon.conformance.candidates.function_candidate import FunctionCandidate
from etalon.conformance.candidates.layer_candidate import LayerCandidate
from etalon.conformance.candidates.name_mapping import InvalidMapping, restricted
from etalon.conformance.candidates.options import CheckOptions, Options
from etalon.conformance.cases.case import parse
from etalon.conformance.judging.control import SPOILS, Control, Retrial
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.subjects.fault_place import own_error, said
from etalon.conformance.subjects.outcomes import CannotBeAsked
from etalon.reports.records import BAD, Verdict
from etalon.spec import InvalidEntry
from etalon.spec.model import Op
from etalon.spec.object_path import NoSuchObject, load
from etalon.spec.words import CONTRACTS, DEVICES, DTYPES, INVALID_CALLS, LAWS, PROFILES


class InvalidCheck(ValueError):
    """A check can't be made as it was asked for; the message says why."""


class DoesNotConform(AssertionError):
    """An implementation does not compute what its op specifies; the message shows where."""


class CouldNotJudge(RuntimeError):
    """Etalon itself failed; the message says where. Of the implementation nothing is said."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a candidate: how it is called, and what it is judged by."""

    made: Any
    op: Op
    backend: Backend
    laws: tuple[str, ...]
    options: Options = field(default_factory=Options)

    @property
    def label(self) -> str:
        """What the candidate is called in records."""
        name = getattr(self.made, "__name__", type(self.made).__name__)
        return name if name.isidentifier() else "function"

    def candidate(self) -> Candidate:
        """Return the subject to judge.

        Raises:
            InvalidMapping: it is neither a function nor a class of the backend's layers, or its
                names do not fit.
        """
        given = (self.made, self.op, self.backend, self.options, self.again)
        host = _host(self.backend, self.made)
        return FunctionCandidate(*given) if host is None else LayerCandidate(*given, host)

    def cells(self) -> Iterator[Cell]:
        """Yield what there is a verdict about."""
        for law in self.laws:
            for dtype in self.options.dtypes:
                yield Cell(self.label, self.op.id, law, dtype)

    def again(self, case: str) -> str:
        """Return how a case is judged again: a command, or a call where no command can."""
        place, said = _place(self.made), self.options
        rules = {"--config": said.config, "--weights": said.weights, "--inputs": said.inputs}
        if not place or any(callable(r) for pairs in rules.values() for r in pairs.values()):
            return f"etalon.check({self.label}, …, case={case!r})"
        words = ["etalon", "check", place, "--op", self.op.id, "--backend", self.backend.name]
        for option, pairs in rules.items():
            words += [word for own, rule in pairs.items() for word in (option, f"{own}={rule}")]
        traits = parse(case).traits
        words += [word for n in said.only for word in ("--only", f"{n}={traits[n]}")]
        words += ["--contract", said.contract] if said.contract != CONTRACTS[0] else []
        return shlex.join([*words, "--case", case])


def asked(made: Any, *, op: str | Op, backend: str, **given: Unpack[CheckOptions]) -> Asked:
    """Return what is asked for, every word of it known.

    Raises:
        InvalidCheck: a name is unknown, or the backend is not here.
        NoSuchObject: there is no object at the place that ``made`` or ``op`` names.
        UnknownOp: no op has this id.
    """
    entry, options = _entry(op), Options.of(given)
    narrowed = restricted(entry, options.only)
    usual = [law for law in narrowed.laws if law != INVALID_CALLS]
    judged = usual if options.laws is None else options.laws
    _known([backend], tuple(BACKENDS), "backend")
    _known(judged, entry.laws if options.laws is None else tuple(LAWS), "law")
    _known(options.dtypes, DTYPES, "dtype")
    _known([options.device], DEVICES, "device")
    _known([options.profile], PROFILES, "profile")
    _known([options.contract], CONTRACTS, "contract")
    for law in set(judged) - set(entry.laws):
        raise InvalidCheck(f"{entry.id} has no law {law!r}: it has {', '.join(entry.laws)}")
    return Asked(
        made=load(made) if isinstance(made, str) else made,
        op=entry,
        backend=BACKENDS[backend],
        laws=tuple(judged),
        options=options,
    )


def _known(given: Sequence[str], known: Sequence[str], what: str) -> None:
    for name in given:
        if name not in known:
            raise InvalidCheck(f"no {what} is called {name!r}: there are {', '.join(known)}")


def _host(backend: Backend, made: Any) -> type[Host] | None:
    """Return what calls a class of layers; ``None`` for a function.

    Raises:
        InvalidMapping: it is neither.
    """
    package = backend.load()
    if inspect.isclass(made):
        found = host(package, made)
        if found is None:
            raise InvalidMapping(f"{made.__name__} is a class, but none of {backend.name}'s layers")
        return found
    if host(package, type(made)) is not None:
        name = type(made).__name__
        raise InvalidMapping(f"it is an instance: pass {name} itself, to be made for each config")
    if not callable(made):
        raise InvalidMapping(f"it is of type {type(made).__name__}, which can't be called")
    return None


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
    judge = judge_of(request)
    if judge.control.spoilt:
        raise InvalidCheck(f"{request.label} as {request.op.id}: {judge.control.spoilt}")
    judge.control.look(f"{request.label} was called first")
    if judge.control.spoilt:
        raise DoesNotConform(f"{request.label} as {request.op.id} {SPOILS}: {judge.control.spoilt}")
    if case is None:
        return tuple(judge.verdict(cell) for cell in request.cells())
    chosen = parse(case)
    cells = (Cell(request.label, request.op.id, law, chosen.dtype) for law in request.laws)
    verdicts = [judge.verdict_of(cell, chosen) for cell in cells]
    return tuple(verdict for verdict in verdicts if verdict.cases or verdict.own_error)


def judge_of(request: Asked, *, names: bool = True, retrial: Retrial | None = None) -> Judge:
    """Return the judge of the candidate.

    Where its names were matched in another process, ``names`` is false: a first call may spoil
    this one.

    Raises:
        InvalidCheck: the framework is not installed, or can't be imported.
        InvalidMapping: the names of the candidate and of the op don't fit.
        CouldNotJudge: Etalon itself failed.
    """
    try:
        candidate = subject(request, names=names)
        return Judge(candidate, request.options.profile, request.options.seed, retrial)
    except (InvalidCheck, CannotBeAsked, InvalidEntry):
        raise
    except ImportError as error:
        raise InvalidCheck(f"{request.backend.name} can't be imported: {said(error)}") from error
    except Exception as error:  # names are matched here: the candidate's errors are verdicts
        raise CouldNotJudge(own_error(error)) from error


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
            candidate.try_names(request.options.dtypes[0])
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
    """See that no verdict is bad.

    Raises:
        DoesNotConform: one is.
        CouldNotJudge: Etalon itself failed, and nothing else did.
    """
    __tracebackhide__ = True
    bad = [verdict for verdict in verdicts if verdict.verdict in BAD]
    if bad:
        from etalon.conformance.candidates.failure_text import told

        kind = CouldNotJudge if all(verdict.own_error for verdict in bad) else DoesNotConform
        raise kind(told(request.label, request.op.id, request.backend.name, verdicts))


def _place(made: Any) -> str:
    """Return where an object can be imported from; empty where it can't be."""
    name, module = getattr(made, "__qualname__", ""), getattr(made, "__module__", "") or ""
    place = f"{module}:{name}"
    try:
        return place if module != "__main__" and load(place) is made else ""
    except NoSuchObject:
        return ""
