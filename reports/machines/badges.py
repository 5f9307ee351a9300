"""Badges: a small SVG for each column that counts its ops by their worst verdict."""

from __future__ import annotations

import re
from dataclasses import dataclass

from etalon.reports.machines.characters import legal
from etalon.reports.matrix import MARKS, Column, Matrix
from etalon.reports.records import BAD, VerdictName
from etalon.reports.templating import environment

ALWAYS: tuple[VerdictName, ...] = ("conforms", "diverges", "fails")
"""Verdicts that are counted on a badge also where there are none; others where there are."""

GREEN, AMBER, RED, GREY = "#1a7f37", "#9a6700", "#c62828", "#57606a"
"""Colours on which white text has a contrast of 4.5 or more."""

CHARACTER, MARGIN = 6.2, 6
"""The usual width of a character of 11 pixels, and of the space beside a text, in pixels."""


@dataclass(frozen=True)
class Text:
    """A text of a badge, with the width that it is set in."""

    text: str

    @property
    def length(self) -> int:
        """The width of the text in pixels."""
        return round(CHARACTER * len(self.text))

    @property
    def width(self) -> int:
        """The width of its half of the badge in pixels."""
        return self.length + 2 * MARGIN


def badges(matrix: Matrix) -> dict[str, str]:
    """Return the badges of a matrix as SVG, by the name of their file.

    Raises:
        MissingExtra: the packages of the extra ``report`` are not installed.
    """
    return {file_name(column): badge(matrix, column) for column in matrix.columns}


def file_name(column: Column) -> str:
    """Return the name of a column's file, without what may not be in a name: ``torch-gpu.svg``."""
    return re.sub(r"[^\w-]+", "_", column.anchor) + ".svg"


def badge(matrix: Matrix, column: Column) -> str:
    """Return the badge of a column as SVG; all text in it is escaped."""
    counts = matrix.counted(column)
    shown = {name: counts[name] for name in MARKS if counts[name] or name in ALWAYS}
    name = f"{column.name} {matrix.version(column)}".strip()
    words = ", ".join(f"{count} {verdict}" for verdict, count in shown.items())
    svg: str = (
        environment()
        .get_template("badge.svg.jinja")
        .render(
            label=Text(legal(f"etalon | {_short(name)}")),
            result=Text(
                " · ".join(f"{count} {MARKS[verdict]}" for verdict, count in shown.items())
            ),
            title=legal(f"etalon, {name}, ops by their worst verdict: {words}"),
            colour=_colour(counts),
        )
    )
    return svg


def _short(name: str) -> str:
    """Drop the build from versions, ``+cpu``, and of a long name the end."""
    short = re.sub(r"\+[\w.]+", "", name)
    return short if len(short) <= 60 else f"{short[:59]}…"


def _colour(counts: dict[VerdictName, int]) -> str:
    if any(counts[name] for name in BAD):
        return RED
    if counts["diverges"]:
        return AMBER
    return GREEN if counts["conforms"] else GREY
