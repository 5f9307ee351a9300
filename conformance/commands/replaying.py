"""``etalon replay``: one case again, the reference and a backend side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from etalon import backends
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.truth import truth
from etalon.conformance.cases.case import Case, parse
from etalon.conformance.judging.comparison import ratios
from etalon.conformance.judging.judge import Judge
from etalon.conformance.judging.outcomes import Outcome
from etalon.conformance.judging.subject import Refused, Subject
from etalon.spec.model import INVALID_CALLS

ROWS = 10
"""How many numbers of each result are shown, the worst first."""


def replay(
    case_id: str, backend: str, device: str, mode: str = "eager"
) -> tuple[RenderableType, bool]:
    """Judge a case again; return what to show, and whether all is right or documented."""
    case = parse(case_id)
    chosen = backends.BACKENDS[backend]
    os.environ.update(chosen.environment)
    judge = Judge(Subject(chosen, device, mode))
    laws = [law for law in case.op.laws if (law == INVALID_CALLS) == bool(case.breaks)]
    outcomes = [(law, judge.outcome(law, case)) for law in laws]
    judged = [(law, part) for law, o in outcomes if o is not None for part in o.departures or (o,)]
    lines = [_line(judge, law, part) for law, part in judged]
    right = all(part.holds or judge.documented(law, part) for law, part in judged)
    head = Text(f"{case.op.id} on {backend} {judge.subject.version}, {device}, {case.dtype}")
    return Group(head, *_arguments(case), *_results(judge.subject, case), *lines), right


def _line(judge: Judge, law: str, outcome: Outcome) -> Text:
    if outcome.holds:
        ratio = f", worst error / bound {outcome.ratio:.3g}" if outcome.ratio else ""
        return Text(f"✓ {law} holds{ratio}", style="green")
    entry = judge.documented(law, outcome)
    if entry is None:
        return Text(f"✗ {law}: {outcome.symptom}: {outcome.message}", style="red")
    return Text(
        f"≠ {law}: {outcome.message}\n  documented as {entry.id} ({entry.nature}): {entry.what}"
        + (f"\n  {entry.upstream}" if entry.upstream else ""),
        style="yellow",
    )


def _arguments(case: Case) -> Iterator[Text]:
    for name, value in case.known.items():
        yield Text(f"  {name} = {value!r}")
    for name, argument in case.arguments().items():
        parts = argument if isinstance(argument, list) else [argument]
        shapes = ", ".join("absent" if part is None else str(part.shape) for part in parts)
        yield Text(f"  {name}: {shapes}")


def _results(subject: Subject, case: Case) -> Iterator[RenderableType]:
    if case.breaks or case.op.distribution is not None:
        return
    try:
        results = subject.run(case)
    except Refused:
        return
    wanted = truth(case, case.arguments())
    for name, got, exact in zip(case.op.outputs, results, wanted, strict=False):
        if got.shape == exact.shape:
            yield _side_by_side(name, got, exact)


def _side_by_side(name: str, got: Any, exact: Bounded) -> Table:
    with np.errstate(all="ignore"):
        numbers = got.astype(exact.value.dtype)
        errors = np.where(numbers == exact.value, 0, np.abs(numbers - exact.value))
        found = ratios(numbers, errors, exact)
    count = min(ROWS, got.size)
    shown = f"{name}: the worst {count} of {got.size} numbers"
    grid = Table(title=shown, title_justify="left", box=None, header_style="bold")
    for heading in ("index", "reference", "backend", "error", "bound", "error / bound"):
        grid.add_column(heading, justify="right")
    for flat in np.argsort(found, axis=None, kind="stable")[::-1][:count]:
        place = np.unravel_index(flat, got.shape)
        cells = (exact.value[place], got[place], errors[place], exact.bound[place], found[place])
        index = ", ".join(map(str, map(int, place)))
        grid.add_row(index, *(f"{c:.9g}" for c in cells[:2]), *(f"{c:.3g}" for c in cells[2:]))
    return grid
