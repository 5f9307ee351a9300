"""Keras's own tests and ``etalon verify`` side by side: what they compare, and how long it takes.

    python benchmarks/beside_keras.py [--framework torch ...] [--workers N] [--kind KIND]
                                      [--profile quick ...]

On each framework of Keras, one after the other: the tests of ``scope.py`` that Keras's wheel has in
it, then ``etalon verify keras-<framework>`` of the same ops, and, to see what Keras adds, that of
the framework itself. Seconds are from the start of a process to its end. Each run begins with an
empty cache: nothing is compiled, and no truth is known.

What is compared is counted alike. *Assertions*: of Keras's tests each call of an assertion (and
each ``assert``), of Etalon each result of each case under each law. *Numbers*: the numbers that
these compare; an assertion that compares no arrays counts as one.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import keras_suite
import typer
from keras_suite import Ran
from measuring import Judged, choosing, ids, machine, table, verify
from scope import SCOPE, Part

from etalon import spec
from etalon.reports.records import BAD, Verdict
from etalon.spec.words import INVALID_CALLS

FRAMEWORKS = ("torch", "tensorflow", "jax")
HEADS = ("", "tests or cells", "not passed", "skipped", "assertions", "numbers", "seconds")
WANTED = (6, 1.0)
"""So many times the assertions, in at most this share of the time."""


@dataclass(frozen=True)
class Line:
    """What one side did."""

    name: str
    tests: int
    failed: int
    skipped: int
    assertions: int
    numbers: int
    seconds: float

    @property
    def cells(self) -> tuple[object, ...]:
        """The line as it is printed."""
        counts = (self.tests, self.failed, self.skipped, self.assertions, self.numbers)
        return self.name, *(f"{count:,}" for count in counts), f"{self.seconds:.1f}"


def main(
    framework: Annotated[list[str] | None, typer.Option(help="which; several may be named")] = None,
    workers: Annotated[int, typer.Option(min=1, help="parallel processes on both sides")] = 1,
    kind: Annotated[list[str] | None, typer.Option(help="these kinds of ops alone")] = None,
    profile: Annotated[list[str] | None, typer.Option(help="by default, quick")] = None,
) -> None:
    """Print a table for each framework, and one of the kinds of ops."""
    profiles = profile or ["quick"]
    scope = {name: part for name, part in SCOPE.items() if name in (kind or SCOPE)}
    globs = [glob for part in scope.values() for glob in part.ops]
    print(f"{machine()}; {len(ids(globs))} ops, {workers} worker(s)\n")
    for name in framework or FRAMEWORKS:
        keras = keras_suite.run(name, _tests(scope), more=_parallel(workers))
        asked = [(b, chosen) for b in (f"keras-{name}", name) for chosen in profiles]
        sides = {" ".join(side): _verified(*side, globs, workers) for side in asked}
        print(f"**{name}**\n\n{_totals(keras, sides)}\n")
        print(f"{_kinds(scope, keras, sides[f'keras-{name} {profiles[0]}'])}\n", flush=True)
        for failed in keras.failed:
            print(f"- not passed: `{failed}`")


def _tests(scope: Mapping[str, Part]) -> list[str]:
    return [test for part in scope.values() for test in part.tests]


def _parallel(workers: int) -> list[str]:
    return ["-n", str(workers), "--dist=loadfile"] if workers > 1 else []


def _verified(backend: str, profile: str, globs: Sequence[str], workers: int) -> Judged:
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryDirectory() as cache:
        more, empty = ("--workers", str(workers), *choosing(globs)), {"ETALON_CACHE": cache}
        judged = verify(backend, Path(out), *more, profile=profile, variables=empty)
    if judged.status not in (0, 1):
        raise SystemExit(judged.said)
    return judged


def _totals(keras: Ran, sides: Mapping[str, Judged]) -> str:
    first = _of_keras("Keras's own tests", keras.files, keras.seconds)
    lines = [first, *(_of_etalon(f"etalon verify {name}", s) for name, s in sides.items())]
    ratios = [f"- {line.name}: {_ratio(line, first)}" for line in lines[1:]]
    return "\n".join((table(HEADS, (line.cells for line in lines)), "", *ratios))


def _ratio(line: Line, keras: Line) -> str:
    assertions = line.assertions / max(keras.assertions, 1)
    numbers = line.numbers / max(keras.numbers, 1)
    time = line.seconds / keras.seconds
    times, share = WANTED
    kept = "held" if assertions >= times and time <= share else "not held"
    return (
        f"{assertions:.1f} times the assertions, {numbers:.1f} times the numbers, in {time:.2f} of "
        f"the time (wanted: {times} times the assertions in {share} of it: {kept})"
    )


def _of_keras(name: str, files: Mapping[str, Mapping[str, float]], seconds: float) -> Line:
    total: Counter[str] = Counter()
    for counts in files.values():
        total.update({key: round(value) for key, value in counts.items() if key != "seconds"})
    tests, failed = total["passed"] + total["failed"], total["failed"]
    compared = total["assertions"], total["numbers"]
    return Line(name, tests, failed, total["skipped"], *compared, seconds)


def _of_etalon(name: str, judged: Judged) -> Line:
    return _of_verdicts(name, judged.verdicts, judged.seconds)


def _of_verdicts(name: str, verdicts: Sequence[Verdict], seconds: float) -> Line:
    """Count a cell like a test; one without cases was skipped."""
    cells = [verdict for verdict in verdicts if verdict.cases]
    return Line(
        name,
        tests=len(cells),
        failed=sum(verdict.verdict in BAD for verdict in verdicts),
        skipped=len(verdicts) - len(cells),
        assertions=sum(map(_assertions, cells)),
        numbers=sum(verdict.compared for verdict in cells),
        seconds=seconds,
    )


def _assertions(verdict: Verdict) -> int:
    """Return how many results were compared: of an invalid call there is one, that it is refused.

    Of gradients there are more, one for each argument; a case counts by its results here, too.
    """
    results = 1 if verdict.law == INVALID_CALLS else len(spec.find(verdict.op).outputs)
    return verdict.cases * results


def _kinds(scope: Mapping[str, Part], keras: Ran, etalon: Judged) -> str:
    """Return a line for each kind of ops; seconds are those of its tests, without the start."""
    heads = ("ops", "Keras: tests", "assertions", "numbers", "s")
    rows = [(*_row(part, keras, etalon, name),) for name, part in scope.items()]
    return table((*heads, "Etalon: cells", "assertions", "numbers", "s"), rows)


def _row(part: Part, keras: Ran, etalon: Judged, name: str) -> tuple[object, ...]:
    files = {file: counts for file, counts in keras.files.items() if file in part.tests}
    seconds = sum(counts.get("seconds", 0.0) for counts in files.values())
    ops = ids(part.ops)
    mine = [verdict for verdict in etalon.verdicts if verdict.op in ops]
    sides = (
        _of_keras(name, files, seconds),
        _of_verdicts(name, mine, sum(verdict.seconds for verdict in mine)),
    )
    counted = ((f"{s.tests:,}", f"{s.assertions:,}", f"{s.numbers:,}", s.seconds) for s in sides)
    flat = [cell for side in counted for cell in (*side[:3], f"{side[3]:.1f}")]
    return name, *flat


if __name__ == "__main__":
    typer.run(main)
