"""The trial of one mutant: by which laws, in which dtypes, it is told from the honest adapter."""

from __future__ import annotations

import functools
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.sampling import sample
from etalon.conformance.subjects.subject import Subject
from etalon.spec.call_check import checked
from etalon.spec.model import Op
from etalon.spec.words import DTYPES
from liars.mutation import Mutant

SEED = 0
SECONDS = 30
"""How long one call of an adapter may take. A mutated loop may never end."""


class Hung(BaseException):
    """An adapter did not come back. No `except Exception` takes it for an answer."""


@dataclass(frozen=True)
class Kill:
    """What told a mutant from the honest adapter."""

    law: str
    dtype: str
    symptom: str
    ratio: str = ""
    case: str = ""


@dataclass(frozen=True)
class Trial:
    """What came of a mutant: the first profile in which it was killed, or none, and by what.

    ``blind`` are the cells that can't tell a liar, because the honest adapter fails in them, too.
    """

    mutant: Mutant
    profile: str = ""
    kills: tuple[Kill, ...] = ()
    blind: tuple[str, ...] = ()
    seconds: float = 0.0


class Lying(Subject):
    """A backend with one mutated adapter."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(BACKENDS[mutant.backend])
        self._op_id = mutant.op
        self._lying = _ending(mutant.adapter())

    def adapter(self, op: Op) -> Callable[..., Any] | None:
        """Return the lying adapter of the mutant's op, the honest one of any other."""
        if op.id != self._op_id:
            return super().adapter(op)
        if self.name != "numpy":
            return self._lying
        quiet: Callable[..., Any] = np.errstate(all="ignore")(self._lying)
        return checked(op, quiet)


def tried(mutant: Mutant, profiles: Sequence[str], every: bool = False) -> Trial:
    """Judge a mutant in one profile after the other until it is killed.

    Args:
        mutant: the liar.
        profiles: in which order it is judged how thoroughly.
        every: find every cell that kills it in that profile, not the first alone.
    """
    start, blind = time.perf_counter(), list[str]()
    for profile in profiles:
        found = kills(mutant, profile, blind)
        first = tuple(found if every else islice(found, 1))
        if first:
            break
    killed_in = profile if first else ""
    return Trial(mutant, killed_in, first, tuple(blind), time.perf_counter() - start)


def kills(mutant: Mutant, profile: str, blind: list[str]) -> Iterator[Kill]:
    """Yield what kills a mutant, cell by cell; add to ``blind`` what kills the honest, too."""
    judge = Judge(Lying(mutant), profile, SEED)
    for cell in cells(judge.subject, mutant.op):
        kill = _kill(judge, cell)
        if kill and honest(cell, profile):
            blind.append(f"{cell.id} in {profile}")
        elif kill:
            yield kill


def cells(subject: Subject, op: str) -> list[Cell]:
    """Return the cells of an op: all laws in float32 first, then in the other dtypes."""
    dtypes = [dtype for dtype in DTYPES if dtype not in subject.lacks]
    dtypes.sort(key=lambda dtype: dtype != "float32")
    return [Cell(subject.name, op, law, dtype) for dtype in dtypes for law in spec.find(op).laws]


@cache
def honest(cell: Cell, profile: str) -> Kill | None:
    """Return what would kill the adapter as it is: nothing, if all is well."""
    return _kill(Judge(Subject(BACKENDS[cell.backend]), profile, SEED), cell)


def _kill(judge: Judge, cell: Cell) -> Kill | None:
    """Return what kills in a cell: its first departure, or else whatever its verdict says."""
    try:
        return _departure(judge, cell) or _verdict(judge, cell)
    except Hung:
        return Kill(cell.law, cell.dtype, f"did not come back in {SECONDS} s")


def _departure(judge: Judge, cell: Cell) -> Kill | None:
    """Return the first departure that is not documented: a mutant need not be judged to the end."""
    for case in sample(spec.find(cell.op), cell.law, cell.dtype, judge.profile, judge.seed):
        outcome = judge.outcome(cell.law, case)
        for found in outcome.departures if outcome else ():
            if not judge.documented(cell.law, found):
                return Kill(cell.law, cell.dtype, found.symptom, f"{found.ratio:.3g}", case.id)
    return None


def _verdict(judge: Judge, cell: Cell) -> Kill | None:
    verdict = judge.verdict(cell)
    if verdict.verdict != "fails":
        return None
    found = verdict.clusters[0]
    return Kill(cell.law, cell.dtype, found.cause, "", found.counterexample.case)


def _ending(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, stopped after ``SECONDS``."""

    @functools.wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        signal.signal(signal.SIGALRM, _hang)
        signal.alarm(SECONDS)
        try:
            return function(*args, **options)
        finally:
            signal.alarm(0)

    return call


def _hang(number: int, frame: object) -> None:
    raise Hung
