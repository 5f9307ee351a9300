"""The two processes of ``share.py``: one notes the calls that a judge makes, one replays them.

python benchmarks/share_calls.py note FILE BACKEND GLOB PROFILE
python benchmarks/share_calls.py replay FILE BACKEND
"""

from __future__ import annotations

import contextlib
import json
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance import characteristics
from etalon.conformance.cases.case import Argument, Case, parse
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.subjects.subject import Array, Refused, Results, Subject
from etalon.conformance.truths.known import kept
from etalon.spec.words import DTYPES

BLOCK = 500
"""How many calls have their tensors ready at a time."""


@dataclass(frozen=True)
class Call:
    """A call of an adapter; of its gradients where there are cotangents."""

    case: str
    arguments: Mapping[str, Argument]
    names: tuple[str, ...]
    cotangents: tuple[Array, ...] | None = None


class Noting(Subject):
    """A subject that notes the calls which it is asked for, and counts those that it refuses."""

    def __init__(self, backend: str, file: Path) -> None:
        super().__init__(BACKENDS[backend])
        self.calls = self.refused = 0
        self._file = file.open("wb")

    def answer(self, case: Case, arguments: Mapping[str, Argument]) -> Results:
        """Return the results of a call, which is noted."""
        with self._noted(Call(case.id, arguments, tuple(arguments))):
            return super().answer(case, arguments)

    def gradients(
        self,
        case: Case,
        arguments: Mapping[str, Argument],
        names: Sequence[str],
        cotangents: Sequence[Array],
    ) -> tuple[Array, ...]:
        """Return the gradients of a call, which is noted."""
        with self._noted(Call(case.id, arguments, tuple(names), tuple(cotangents))):
            return super().gradients(case, arguments, names, cotangents)

    def close(self) -> None:
        """End the file."""
        self._file.close()

    @contextmanager
    def _noted(self, call: Call) -> Iterator[None]:
        self.calls += 1
        pickle.dump(call, self._file)
        try:
            yield
        except Refused:
            self.refused += 1
            raise


class Replaying(Subject):
    """A subject that makes calls ready, so that nothing but the framework is left to be timed."""

    refused = 0

    def ready(self, call: Call) -> Callable[[], Any]:
        """Return a call whose arrays are tensors already."""
        made = self._call(parse(call.case), call.arguments)
        if made.op.id != self._op:
            self._execution.forget()
            self._op = made.op.id
        if call.cotangents is None:
            function = self._execution.results(made)
            return lambda: function(*made.tensors)
        weights = [self._there(cotangent) for cotangent in call.cotangents]
        taken = self._execution.gradients(made, call.names)
        return lambda: taken(made.tensors, weights)

    def timed(self, calls: Sequence[Call]) -> float:
        """Return for how many seconds the framework computes these."""
        seconds = 0.0
        for call in calls:
            with self._placed(parse(call.case).dtype):
                seconds += self._seconds(self.ready(call))
        return seconds

    def _seconds(self, function: Callable[[], Any]) -> float:
        start = time.perf_counter()
        try:
            _finished(function())
        except Exception:  # to refuse is an answer, too
            self.refused += 1
        return time.perf_counter() - start


def _finished(results: Sequence[Any]) -> None:
    """Wait until results are there: JAX and TensorFlow may return before."""
    for result in results:
        if hasattr(result, "block_until_ready"):
            result.block_until_ready()
        elif hasattr(result, "numpy") and not hasattr(result, "detach"):
            result.numpy()


def note(file: Path, backend: str, glob: str, profile: str) -> dict[str, Any]:
    """Judge the cells of a backend as the suite does; write its calls into a file."""
    subject, cells = Noting(backend, file), 0
    judge = Judge(subject, profile, 0)
    ops = spec.select(glob)
    with kept(adding=True):
        for cell in (Cell(backend, op.id, law, d) for op in ops for d in DTYPES for law in op.laws):
            judge.verdict(cell)
            cells += 1
    for op in ops:
        list(characteristics.measured(subject, op))
    subject.close()
    return {
        "version": subject.version,
        "cells": cells,
        "calls": subject.calls,
        "refused": subject.refused,
    }


def replay(file: Path, backend: str) -> dict[str, Any]:
    """Make the calls of a file again; return for how many seconds the framework computed."""
    subject = Replaying(BACKENDS[backend])
    seconds = sum(subject.timed(block) for block in _blocks(file))
    return {"seconds": seconds, "refused": subject.refused}


def _blocks(file: Path) -> Iterator[list[Call]]:
    block: list[Call] = []
    with file.open("rb") as source, contextlib.suppress(EOFError):
        while True:
            block.append(pickle.load(source))
            if len(block) == BLOCK:
                yield block
                block = []
    yield block


if __name__ == "__main__":
    command, place, *rest = sys.argv[1:]
    found = note(Path(place), *rest) if command == "note" else replay(Path(place), *rest)
    print(json.dumps(found))
