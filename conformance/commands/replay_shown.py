"""What ``etalon replay`` shows: a case judged again, its numbers side by side, or its program."""

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
from etalon.conformance.cases.case import Case, parse
from etalon.conformance.commands.replay_exact import adjudicated
from etalon.conformance.judging.judge import Judge
from etalon.conformance.programs import replay_script
from etalon.conformance.subjects.distance import distance
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Refused, Subject
from etalon.conformance.truths.values import truth
from etalon.reports.formatting import notices
from etalon.spec.words import INVALID_CALLS

ROWS = 10
"""How many numbers of each result are shown, the worst first."""


def replayed(
    case_id: str, backend: str, device: str, mode: str = "", exact: bool = False
) -> tuple[RenderableType, bool]:
    """Judge a case again; return what to show, and whether all is right or documented.

    With ``exact`` the numbers are held against the exact ones, and the reference has to be right.
    """
    case = parse(case_id)
    judge, judged = _judged(case, backend, device, mode)
    lines = [_line(judge, law, part) for law, part in judged]
    if judge.control.spoilt:
        lines.append(Text(judge.control.spoilt, style="red"))
    right = all(part.holds or judge.documented(law, part) for law, part in judged)
    head = Text(f"{case.op.id} on {backend} {judge.subject.version}, {device}, {case.dtype}")
    contract = Text(f"  {judge.subject.precision(case.dtype).contract}")
    show = adjudicated if exact else _side_by_side
    results, reference_right = show(judge.subject, case)
    return Group(head, contract, *_arguments(case), *results, *lines), right and reference_right


def program(case_id: str, backend: str, device: str, mode: str = "") -> str:
    """Return the stand-alone program of a case: of its first departure, if there is one."""
    case = parse(case_id)
    judge, judged = _judged(case, backend, device, mode)
    found = next(((law, part) for law, part in judged if not part.holds), judged[0])
    return replay_script.script(judge.subject, case, *found)


def _judged(
    case: Case, backend: str, device: str, mode: str
) -> tuple[Judge, list[tuple[str, Outcome]]]:
    """Judge a case by all of its laws; return each way in which one holds or is broken."""
    chosen = backends.BACKENDS[backend]
    os.environ.update(chosen.environment)
    judge = Judge(Subject(chosen, device, mode))
    judge.control.answers()  # so that it is known later whether the case spoils the process
    laws = [law for law in case.op.laws if (law == INVALID_CALLS) == bool(case.breaks)]
    outcomes = [(law, judge.outcome(law, case)) for law in laws]
    parts = [(law, part) for law, o in outcomes if o is not None for part in o.departures or (o,)]
    return judge, parts


def _line(judge: Judge, law: str, outcome: Outcome) -> Text:
    if outcome.holds:
        ratio = f", worst error / bound {outcome.ratio:.3g}" if outcome.ratio else ""
        power = f"\n  {notices(outcome.power.certificate)}" if outcome.power else ""
        return Text(f"✓ {law} holds{ratio}{power}", style="green")
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


def _side_by_side(subject: Subject, case: Case) -> tuple[list[RenderableType], bool]:
    """Return what to show of a case's results; the reference is not in question."""
    return list(_results(subject, case)), True


def _results(subject: Subject, case: Case) -> Iterator[RenderableType]:
    if case.breaks or case.op.distribution is not None:
        return
    try:
        results = subject.run(case)
    except Refused:
        return
    wanted = truth(case, case.arguments(), subject.precision(case.dtype))
    for name, got, exact in zip(case.op.outputs, results, wanted, strict=False):
        if got.shape == exact.shape:
            yield _table(name, got, exact)


def _table(name: str, got: Any, exact: Bounded) -> Table:
    found = distance(got, exact)
    count = min(ROWS, got.size)
    shown = f"{name}: the worst {count} of {got.size} numbers"
    grid = Table(title=shown, title_justify="left", box=None, header_style="bold")
    for heading in ("index", "reference", "backend", "error", "bound", "error / bound"):
        grid.add_column(heading, justify="right")
    for flat in np.argsort(found.ratios, axis=None, kind="stable")[::-1][:count]:
        place = np.unravel_index(flat, got.shape)
        far = (found.errors[place], found.bounds[place], found.ratios[place])
        index = ", ".join(map(str, map(int, place)))
        grid.add_row(
            index, f"{exact.value[place]:.9g}", f"{got[place]:.9g}", *(f"{n:.3g}" for n in far)
        )
    return grid
