"""Badges: a small SVG for each column that counts its ops by their worst verdict."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from dataclasses import dataclass

from etalon.reports.machines.characters import legal
from etalon.reports.matrix import MARKS, Cell, Column, Matrix
from etalon.reports.page import TEMPLATES, MissingExtra
from etalon.reports.records import BAD, VerdictName

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
        MissingExtra: Jinja is not installed.
    """
    columns = {column: _cells(matrix, column) for column in matrix.columns}
    return {file_name(column): badge(column, cells) for column, cells in columns.items()}


def file_name(column: Column) -> str:
    """Return the name of a column's file, without what may not be in a name: ``torch-gpu.svg``."""
    return re.sub(r"[^\w-]+", "_", column.anchor) + ".svg"


def badge(column: Column, cells: list[Cell]) -> str:
    """Return the badge of a column as SVG; all text in it is escaped."""
    if importlib.util.find_spec("jinja2") is None:
        raise MissingExtra("a badge needs Jinja: pip install 'nn-etalon[report]'")
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    counts = Counter(cell.verdict for cell in cells)
    shown = {name: counts[name] for name in MARKS if counts[name] or name in ALWAYS}
    name = f"{column.name} {_version(cells)}".strip()
    words = ", ".join(f"{count} {verdict}" for verdict, count in shown.items())
    return environment.get_template("badge.svg.jinja").render(
        label=Text(legal(f"etalon | {_short(name)}")),
        result=Text(" · ".join(f"{count} {MARKS[verdict]}" for verdict, count in shown.items())),
        title=legal(f"etalon, {name}, ops by their worst verdict: {words}"),
        colour=_colour(counts),
    )


def _cells(matrix: Matrix, column: Column) -> list[Cell]:
    return [row[column] for row in matrix.rows.values() if column in row]


def _version(cells: list[Cell]) -> str:
    versions = [verdict.version for cell in cells for verdict in cell.verdicts if verdict.version]
    return ", ".join(dict.fromkeys(versions))


def _short(name: str) -> str:
    """Drop the build from versions, ``+cpu``, and of a long name the end."""
    short = re.sub(r"\+[\w.]+", "", name)
    return short if len(short) <= 60 else f"{short[:59]}…"


def _colour(counts: Counter[VerdictName]) -> str:
    if any(counts[name] for name in BAD):
        return RED
    if counts["diverges"]:
        return AMBER
    return GREEN if counts["conforms"] else GREY
