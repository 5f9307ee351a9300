"""``etalon replay --exact``: which of the two is wrong, a backend or the reference."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from etalon.conformance.cases.case import Case
from etalon.conformance.running.errors import NothingJudged
from etalon.conformance.subjects.subject import Refused, Subject

if TYPE_CHECKING:
    from etalon.conformance.judging.third_opinion import Adjudication
    from etalon.conformance.subjects.distance import Distance

ROWS = 5
"""How many numbers of each result are shown, the worst first."""

DIGITS = 20
"""How many digits of an exact number are shown."""

HEADINGS = ("", "", "number", "error", "bound", "ratio", "ULP")
"""The ratio is error / bound; units in the last place are those of the case's dtype."""


def check() -> None:
    """Say what to install where mpmath is missing.

    Raises:
        NothingJudged: mpmath is not installed.
    """
    if importlib.util.find_spec("mpmath") is None:
        raise NothingJudged(
            "--exact needs mpmath, which is not installed: pip install 'nn-etalon[exact]'"
        )


def adjudicated(subject: Subject, case: Case) -> tuple[list[RenderableType], bool]:
    """Return what to show of a case's exact values, and whether the reference is right."""
    from etalon.conformance.judging.third_opinion import adjudicate

    if case.op.distribution is not None:
        return [Text(f"{case.op.id} is random: its numbers have no exact value")], True
    if case.breaks:
        return [Text("an invalid call has no exact value")], True
    try:
        found = adjudicate(case, subject.run(case), subject.precision(case.dtype))
    except Refused as refusal:
        return [Text(f"nothing to adjudicate: the call was refused, {refusal.says}")], True
    shown = [part for one in found for part in _shown(one)]
    return shown, all(one.reference.right for one in found)


def _shown(one: Adjudication) -> Iterator[RenderableType]:
    count = min(ROWS, one.got.size)
    title = f"{one.name}: the worst {count} of {one.got.size} numbers"
    grid = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for heading in HEADINGS:
        grid.add_column(heading, justify="right" if heading else "left", overflow="fold")
    worst = np.maximum(one.backend.ratios, one.reference.ratios)
    for flat in np.argsort(-worst, axis=None, kind="stable")[:count]:
        for row in _rows(one, tuple(map(int, np.unravel_index(flat, worst.shape)))):
            grid.add_row(*row)
    yield grid
    yield Text(f"{one.name}: {one.verdict}", style="bold")


def _rows(one: Adjudication, place: tuple[int, ...]) -> Iterator[tuple[str, ...]]:
    from etalon.conformance.arithmetic.exact_numbers import CONTEXT

    yield ",".join(map(str, place)), "exact", CONTEXT.nstr(one.exact[place], DIGITS)
    yield "", "reference", str(one.truth.value[place]), *_measures(one.reference, place)
    yield "", "backend", str(one.got[place]), *_measures(one.backend, place)


def _measures(distance: Distance, place: tuple[int, ...]) -> Iterator[str]:
    for measure in (distance.errors, distance.bounds, distance.ratios, distance.ulps):
        yield f"{measure[place]:.2g}"
