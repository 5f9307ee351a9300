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
from etalon.conformance.arithmetic.precision import DTYPES
from etalon.conformance.cases.sampling import sample
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.subject import Subject
from etalon.spec.checking import checked
from etalon.spec.model import Op
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
    """What came of a mutant: the first profile in which it was killed, or none, and by what."""

    mutant: Mutant
    profile: str = ""
    kills: tuple[Kill, ...] = ()
    seconds: float = 0.0


class HonestFails(Exception):
    """The adapter as it is fails in a cell, which so can't tell a liar."""


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

    Raises:
        HonestFails: the honest adapter fails where the mutant does.
    """
    start = time.perf_counter()
    for profile in profiles:
        found = kills(mutant, profile)
        first = tuple(found if every else islice(found, 1))
        if first:
            return Trial(mutant, profile, first, time.perf_counter() - start)
    return Trial(mutant, seconds=time.perf_counter() - start)


def kills(mutant: Mutant, profile: str) -> Iterator[Kill]:
    """Yield what kills a mutant, cell by cell. What the honest adapter can't do says nothing."""
    judge = Judge(Lying(mutant), profile, SEED)
    for cell in cells(mutant.backend, mutant.op):
        kill = _kill(judge, cell)
        if kill and honest(cell, profile) == "fails":
            raise HonestFails(f"{cell.id} fails without a liar")
        if kill and honest(cell, profile) in ("conforms", "diverges"):
            yield kill


def cells(backend: str, op_id: str) -> list[Cell]:
    """Return the cells of an op: all laws in float32 first, then in the other dtypes."""
    dtypes = sorted(DTYPES, key=lambda dtype: dtype != "float32")
    return [Cell(backend, op_id, law, dtype) for dtype in dtypes for law in spec.find(op_id).laws]


@cache
def honest(cell: Cell, profile: str) -> str:
    """Return the verdict on the adapter as it is."""
    return Judge(Subject(BACKENDS[cell.backend]), profile, SEED).verdict(cell).verdict


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
