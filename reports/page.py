"""The report: one HTML file that opens from disk and needs neither network nor script."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from etalon.reports.bounds import bounds
from etalon.reports.characteristics import table
from etalon.reports.comparison import Comparison, compare
from etalon.reports.matrix import MARKS, Matrix, load
from etalon.reports.reading import Skip
from etalon.reports.refusals import refusals
from etalon.spec import catalogue
from etalon.spec.model import STRATA

TEMPLATES = Path(__file__).parent / "templates"


class MissingExtra(RuntimeError):
    """The packages that make the page are not installed."""


def write(
    paths: Sequence[Path],
    out: Path,
    *,
    baseline: Path | None = None,
    skip: Skip | None = None,
) -> Path:
    """Write the page of the record files in ``paths``, and of those in folders among them.

    Args:
        paths: record files and folders of them.
        out: the page.
        baseline: the records of an earlier run, with which these are compared.
        skip: is told what can't be read; ``None`` lets nothing be skipped.

    Raises:
        MissingExtra: Jinja is not installed.
        CorruptRecords: a record file can't be read.
        OSError: the page can't be written.
    """
    matrix = load(paths, skip)
    comparison = None if baseline is None else compare(load([baseline], skip), matrix)
    text = render(matrix, comparison)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    return out


def render(matrix: Matrix, comparison: Comparison | None = None) -> str:
    """Return the page of a matrix as HTML; all text in it is escaped."""
    if importlib.util.find_spec("jinja2") is None:
        raise MissingExtra("a page needs Jinja: pip install 'nn-etalon[report]'")
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["link"] = link
    template = environment.get_template("report.html.jinja")
    return template.render(
        matrix=matrix,
        comparison=comparison,
        characteristics=table(matrix.characteristics),
        bounds=bounds(matrix.verdicts),
        refusals=refusals(matrix.verdicts),
        marks=MARKS,
        ops=catalogue(),
        strata=STRATA,
    )


def link(address: str) -> str:
    """Return an address if it may be linked to, an empty text where it is none of the web's."""
    return address if urlsplit(address).scheme in ("http", "https") else ""
