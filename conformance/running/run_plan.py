"""What the run of one backend is about: its cells, the ops that are measured, and its judge."""

from __future__ import annotations

import os
from collections.abc import Iterator

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance import characteristics
from etalon.conformance.candidates.check import judge_of
from etalon.conformance.judging.control import Retrial
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.running.plugin import CHARACTERISTICS
from etalon.conformance.running.request import Request
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import Characteristic
from etalon.spec.model import Op
from etalon.spec.words import DTYPES, PROFILES


def cells(request: Request) -> Iterator[Cell]:
    """Yield the cells that a request asks for a verdict on."""
    if request.candidate:
        yield from request.candidate.asked().cells()
        return
    for op in spec.select(request.op, request.edition):
        for dtype in DTYPES:
            for law in op.laws:
                if request.law in ("", law) and request.dtype in ("", dtype):
                    yield Cell(request.backends[0], op.id, law, dtype)


def measured(request: Request) -> Iterator[Cell]:
    """Yield the ops whose facts are measured: where nothing but ops is chosen, nor another mode."""
    usual = BACKENDS[request.backends[0]].modes[0]
    if request.mode not in ("", usual) or request.candidate:
        return
    if request.law == "" and request.dtype in ("", characteristics.DTYPE):
        for op in spec.select(request.op, request.edition):
            yield Cell(request.backends[0], op.id, CHARACTERISTICS, characteristics.DTYPE)


def judge(request: Request, retrial: Retrial | None = None) -> Judge:
    """Return the judge of a request, what it judges imported."""
    if request.candidate:
        asked = request.candidate.asked()  # the command has tried its names
        return judge_of(asked, names=False, retrial=retrial)
    backend = BACKENDS[request.backends[0]]
    os.environ.update(backend.environment)
    judged = Subject(backend, request.device, request.mode)
    return Judge(judged, request.profile, request.seed, retrial)


def foreign(request: Request) -> bool:
    """Return whether somebody's own code is judged: a candidate, or another package's backend."""
    return request.candidate is not None or bool(BACKENDS[request.backends[0]].provider)


def facts(judge: Judge, op: Op) -> tuple[Characteristic, ...]:
    """Return the characteristics of an op; those that a spoilt process does not tell are missing.

    A fresh process measures once more what spoils this one.
    """
    found: tuple[Characteristic, ...] = ()

    def measured() -> tuple[Characteristic, ...]:
        nonlocal found
        found = characteristics.measured(judge.subject, op, brief=judge.profile == PROFILES[0])
        return found

    return judge.control.tried((CHARACTERISTICS, op.id), measured, lambda _: found) or ()
