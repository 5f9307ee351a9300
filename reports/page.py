"""The report: one HTML file that opens from disk and fetches nothing.

The table of ops and backends is plain HTML. What is behind a cell is rendered here, too, and
packed: the page unpacks it when it is opened.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from etalon.reports import opened, plots
from etalon.reports.bounds import bounds
from etalon.reports.characteristics import table
from etalon.reports.comparison import SIGNS, Comparison
from etalon.reports.formatting import (
    GLOSSARY,
    code,
    code_style,
    counted,
    link,
    notices,
    size_of,
    term,
    ulp,
)
from etalon.reports.matrix import CODES, MARKS, SEVERITY, Matrix, MatrixCell
from etalon.reports.records import VERDICTS
from etalon.reports.refusals import refusals
from etalon.reports.templating import environment
from etalon.spec import catalogue
from etalon.spec.words import LAWS, STRATA

MEANINGS = {
    "conforms": "every number of every case is within its bound",
    "diverges": "it departs from the specification in ways that are documented",
    "fails": "it departs in a way that nobody has documented",
    "unsupported": "the backend has no such operation",
    "crashed": "the process died, hung, or answered no call any more",
    "skipped": "nothing could be judged",
    "nothing claimed": "any finite answer is right for most of the numbers",
}


def render(matrix: Matrix, comparison: Comparison | None = None) -> str:
    """Return the page of a matrix as HTML; all text in it is escaped.

    Raises:
        MissingExtra: the packages that make a page are not installed.
    """
    templates = _environment()
    beside = list(_pages(matrix, comparison))
    views = {
        **{address: _view(templates, address, context) for address, _, context in beside},
        **{op: _view(templates, "op", context) for op, context in _ops(matrix)},
    }
    laws, dtypes = _judged(matrix)
    page: str = templates.get_template("report.html.jinja").render(
        matrix=matrix,
        pages={address: title for address, title, _ in beside},
        views=views,
        comparison=comparison,
        filters=_filters(matrix, laws, dtypes),
        meanings=MEANINGS,
        codes=lambda cell: codes(cell, laws, dtypes),
        words=words,
        code_style=code_style(),
        runtime=_packed(plots.runtime()),
        setup=_setup(laws, dtypes),
    )
    return page


def _environment() -> Any:
    found = environment()
    found.filters |= {"link": link, "code": code, "counted": counted, "ulp": ulp}
    found.filters |= {"notices": notices, "size_of": size_of}
    found.globals |= {
        "marks": MARKS,
        "strata": STRATA,
        "departures": opened.departures,
        "laws": opened.laws,
        "dtypes_of": opened.dtypes,
        "by_verdict": by_verdict,
        "term": term,
        "glossary": GLOSSARY,
        "signs": SIGNS,
    }
    return found


def _pages(
    matrix: Matrix, comparison: Comparison | None
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the pages beside the table: address, title, and what the template is given."""
    if comparison:
        yield "changes", "Changes", {"comparison": comparison, "matrix": matrix}
    facts, tight = table(matrix.characteristics), bounds(matrix.verdicts)
    refused = refusals(matrix.verdicts)
    if facts.rows:
        yield "characteristics", "Characteristics", {"table": facts, "matrix": matrix}
    if refused.rows:
        yield "refusals", "Invalid calls", {"refusals": refused}
    if tight.rows:
        yield "bounds", "Bounds", {"bounds": tight, "powers": plots.powers(matrix.verdicts)}
    yield "runs", "Runs", {"matrix": matrix}


def _ops(matrix: Matrix) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each op with what its template is given."""
    facts = table(matrix.characteristics)
    around = pairwise([None, *matrix.rows, None])
    for (before, op), (_, after) in pairwise(around):
        row = matrix.rows[op or ""]
        yield (
            op or "",
            {
                "op": op,
                "before": before,
                "after": after,
                "entry": catalogue().get(op or ""),
                "row": row,
                "written": opened.written(matrix, op or ""),
                "held": _held(row.values()),
                "errors": plots.values(list(row.values())),
                "powers": plots.powers(v for cell in row.values() for v in cell.verdicts),
                "facts": facts.of(op or ""),
                "matrix": matrix,
            },
        )


def _held(cells: Any) -> dict[str, str]:
    """Return the laws that any of the cells was judged by, each with what it says."""
    found = {verdict.law for cell in cells for verdict in cell.verdicts}
    known = {name: law.says for name, law in LAWS.items() if name in found}
    return {**known, **dict.fromkeys(sorted(found - known.keys()), "")}


def by_verdict(cell: MatrixCell, law: str) -> dict[str, list[str]]:
    """Return the dtypes of a cell under a law by their verdict, the worst first."""
    found = [verdict for verdict in cell.verdicts if verdict.law == law]
    grouped = {n: opened.dtypes(v for v in found if v.verdict == n) for n in SEVERITY}
    return {name: dtypes for name, dtypes in grouped.items() if dtypes}


def _judged(matrix: Matrix) -> tuple[list[str], list[str]]:
    """Return the laws and the dtypes that there are verdicts about."""
    return list(_held(matrix.cells)), opened.dtypes(matrix.verdicts)


def _filters(matrix: Matrix, laws: list[str], dtypes: list[str]) -> dict[str, dict[str, str]]:
    found = {verdict.verdict for verdict in matrix.verdicts}
    return {
        "kind": {kind: kind for kind in matrix.kinds},
        "backend": {column.anchor: column.name for column in matrix.columns},
        "verdict": {name: f"{MARKS[name]} {name}" for name in VERDICTS if name in found},
        "law": {law: law for law in laws},
        "dtype": {dtype: dtype for dtype in dtypes},
    }


def codes(cell: MatrixCell, laws: list[str], dtypes: list[str]) -> str:
    """Return a letter for each law and dtype, law by law: a cell's verdicts for the filters."""
    found = {(verdict.law, verdict.dtype): CODES[verdict.verdict] for verdict in cell.verdicts}
    return "".join(found.get((law, dtype), ".") for law in laws for dtype in dtypes)


def words(matrix: Matrix, op: str) -> str:
    """Return what an op is found by: its id, its names in Keras and the frameworks, lower case."""
    entry = catalogue().get(op)
    names = (entry.keras, *entry.aliases) if entry else ()
    calls = dict.fromkeys(adapter.call for adapter in matrix.adapters.get(op, {}).values())
    return " ".join((op, *names, *calls)).lower()


def _setup(laws: list[str], dtypes: list[str]) -> dict[str, Any]:
    """Return what the page's script has to know."""
    return {
        "laws": laws,
        "dtypes": dtypes,
        "severity": [{"code": CODES[n], "name": n, "mark": MARKS[n]} for n in SEVERITY],
        "charts": {"errors": plots.chart(), "power": plots.power_chart()},
    }


def _view(templates: Any, template: str, context: dict[str, Any]) -> str:
    return _packed(templates.get_template(f"{template}.html.jinja").render(**context))


def _packed(text: str) -> str:
    """Return a text as letters that do no harm in a page, much shorter."""
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
