"""The process of ``false_alarms.py`` that judges one backend.

python benchmarks/false_alarm_calls.py BACKEND GLOB SEEDS DTYPE

For each op, and for its values and its gradients, a line of JSON says how many numbers were judged,
how much of their bounds was reached at most, and which cases were beyond; or that they are refused.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import numpy.typing as npt
from false_alarm_scope import cases, scope
from sequential import SequentialSubject

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import Precision, precision
from etalon.conformance.cases import case as drawing
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.divergences import divergences, match
from etalon.conformance.laws.aggregates import together
from etalon.conformance.laws.likely import DEVIATION, NOISE, NOISELESS, RATE
from etalon.conformance.laws.shape_and_dtype import shapes
from etalon.conformance.subjects.comparison import compare_numbers, worst_of
from etalon.conformance.subjects.distance import distance
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.conformance.truths.gradients import Coordinate, gradient_truth
from etalon.conformance.truths.values import truth
from etalon.spec.words import GRADIENTS, LIKELY, VALUES

COORDINATES = 32
"""At how many coordinates of each array a derivative is taken."""

Array = npt.NDArray[Any]
Judged = SequentialSubject | Subject
Truths = tuple[Bounded, ...]


@dataclass(frozen=True)
class Answer:
    """The arrays that a backend returned, their names, and their truths in an arithmetic."""

    names: tuple[str, ...]
    got: tuple[Array, ...]
    wanted: Callable[[Precision], Truths]

    def reached(self, truths: Truths) -> float:
        """Return the largest error over its bound."""
        pairs = zip(self.got, truths, strict=True)
        return max(distance(got, wanted).worst for got, wanted in pairs)


@dataclass
class Found:
    """What came of an op under a law, over all seeds."""

    op: str
    law: str
    numbers: int = 0
    """How many were held against a finite bound that is not 0."""
    exact: int = 0
    """How many had to be equal."""
    unclaimed: int = 0
    """Of how many of the first seed the guaranteed bound claims nothing, though they are finite."""
    likely: float = 0.0
    """The largest error over the likely bound."""
    guaranteed: float = 0.0
    """The largest over the guaranteed one, of the first seed and of what is beyond the likely."""
    together: float = 0.0
    """The largest of the two figures of all numbers of a result, over what noise leaves of it."""
    seconds: float = 0.0
    alarms: list[str] = field(default_factory=list)
    """The cases that are beyond a bound, each with its ratios, and what documents it."""

    def count(self, truths: Truths) -> None:
        """Count the numbers of an answer."""
        for part in truths:
            self.numbers += int(np.count_nonzero(np.isfinite(part.usable) & (part.usable > 0)))
            self.exact += int(np.count_nonzero(part.usable == 0))


def judged(subject: Judged, op: str, law: str, seeds: int, dtype: str) -> Found:
    """Judge the values or the gradients of an op."""
    found, start = Found(op, law), time.perf_counter()
    own = precision(dtype, subject.mode)
    for case in cases(op, dtype, seeds, law == GRADIENTS):
        drawing._drawn.cache_clear()  # it keeps a hundred calls, and these are large
        answer = ANSWERS[law](subject, case)
        truths = answer.wanted(own.supposing(NOISE))
        found.count(truths)
        reached, whole = answer.reached(truths), _together(case, law, answer, own)
        found.likely, found.together = max(found.likely, reached), max(found.together, whole)
        beyond = max(reached, whole) > 1
        if case.seed == 0 or beyond:
            truths = answer.wanted(own)
            found.guaranteed = max(found.guaranteed, answer.reached(truths))
        if case.seed == 0:
            found.unclaimed += sum(_unclaimed(part) for part in truths)
        if beyond:
            known = _documented(subject, case, law, answer, own)
            ratios = f"{reached:.3g} likely, {whole:.3g} all together"
            found.alarms.append(f"{case.id}: {ratios}, {answer.reached(truths):.3g}{known}")
    found.seconds = round(time.perf_counter() - start, 1)
    return found


def _unclaimed(part: Bounded) -> int:
    return int(np.count_nonzero(np.isfinite(part.value) & ~np.isfinite(part.usable)))


def _together(case: Case, law: str, answer: Answer, own: Precision) -> float:
    """Return the figures of all numbers of each result, over what noise leaves of them."""
    if law != VALUES:
        return 0.0
    truths = (answer.wanted(own.supposing(noise)) for noise in (DEVIATION, NOISELESS))
    parts = zip(answer.names, answer.got, *truths, strict=True)
    return max(together(case, *part, RATE).ratio for part in parts)


def of_values(subject: Judged, case: Case) -> Answer:
    """Return the results of a case."""
    arguments = case.arguments()
    got = subject.answer(case, arguments)
    if [part.shape for part in got] != shapes(case):
        raise SystemExit(f"{case.id}: shapes {[part.shape for part in got]}, not {shapes(case)}")
    return Answer(tuple(case.op.outputs), got, lambda working: truth(case, arguments, working))


def of_gradients(subject: Judged, case: Case) -> Answer:
    """Return the gradients of a case, at some coordinates of each array."""
    assert isinstance(subject, Subject), "a reference has no gradients"
    arguments, generator = case.arguments(), np.random.RandomState(case.seed)
    varied = (n for n, t in case.op.tensors.items() if t.differentiable and not t.dtype)
    names = [name for name in varied if arguments[name] is not None]
    leaves = [(name, leaf) for name in names for leaf in _leaves(arguments[name])]
    cotangents = [
        (generator.standard_normal(shape) * result.differentiable).astype(case.dtype)
        for result, shape in zip(case.op.outputs.values(), shapes(case), strict=True)
        if not result.dtype
    ]
    coordinates = [
        Coordinate(place, int(index))
        for place, (_, leaf) in enumerate(leaves)
        for index in generator.choice(leaf.size, min(COORDINATES, leaf.size), replace=False)
    ]
    taken = subject.gradients(case, arguments, names, cotangents)
    at = [[p.index for p in coordinates if p.leaf == n] for n in range(len(leaves))]
    got = tuple(gradient.ravel()[index] for gradient, index in zip(taken, at, strict=True))
    wide = [np.asarray(cotangent, float) for cotangent in cotangents]

    def wanted(working: Precision) -> Truths:
        whole = gradient_truth(case, arguments, names, wide, coordinates, working)
        return tuple(whole[np.array([p.leaf == n for p in coordinates])] for n in range(len(got)))

    return Answer(tuple(f"gradient of {name}" for name, _ in leaves), got, wanted)


def _leaves(argument: Any) -> list[Array]:
    return list(argument) if isinstance(argument, list) else [np.asarray(argument)]


ANSWERS = {VALUES: of_values, GRADIENTS: of_gradients}


def _documented(subject: Judged, case: Case, law: str, answer: Answer, own: Precision) -> str:
    """Return what documents a departure of a backend, in words."""
    if isinstance(subject, SequentialSubject):
        return ""
    for under, working in ((law, own), (LIKELY, own.supposing(NOISE))):
        parts = zip(answer.names, answer.got, answer.wanted(working), strict=True)
        outcome = worst_of([compare_numbers(case, *part) for part in parts])
        entries = divergences(subject.place, case.op.id, under)
        entry = None if outcome.holds else match(outcome, under, subject, entries)
        if entry:
            return f", documented as {entry.id}"
    return ""


def laws(subject: Judged, op: spec.Op) -> Iterator[str]:
    """Yield by what a backend can be judged."""
    if isinstance(subject, SequentialSubject):
        yield VALUES
    elif subject.adapter(op) is not None:
        yield VALUES
        if op.differentiable:
            yield GRADIENTS


def main(backend: str, glob: str, seeds: str, dtype: str) -> None:
    """Judge the ops of a backend that match a glob; print a line for each."""
    sequential = backend == SequentialSubject.name
    subject = SequentialSubject() if sequential else Subject(BACKENDS[backend])
    print(json.dumps({"version": subject.version}), flush=True)
    for id in (id for id in scope() if fnmatchcase(id, glob)):
        for law in laws(subject, spec.find(id)):
            try:
                told = asdict(judged(subject, id, law, int(seeds), dtype))
            except Refused:  # it has no kernel of this dtype
                told = {"refused": id, "law": law}
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
