"""How close backends come: the distributions of their errors, as a Vega-Lite chart by Altair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from etalon.reports.matrix import Column, MatrixCell
from etalon.reports.records import Verdict
from etalon.spec.words import DTYPES, GRADIENTS, VALUES

RATIOS = tuple(f"{i / 10:.1f}–{(i + 1) / 10:.1f}" for i in range(10))
ULPS = ("0", "≤ ½", "≤ 1", "≤ 2", "≤ 4", "≤ 8", "≤ 16", "≤ 32", "≤ 64", "> 64")
MEASURES = {"error / bound": RATIOS, "error in ULP": ULPS}
"""What is plotted, and the bins of the records by name."""

COLORS = ("#4477aa", "#cc6677", "#ddaa33", "#228866")
"""Paul Tol's bright scheme, which colour-blind people can tell apart."""

QUIET = "#7d8790"
"""A grey that is legible on white and on black."""


def values(cells: Sequence[MatrixCell]) -> list[dict[str, Any]]:
    """Return the numbers to plot of one op: cases by backend, law, dtype, measure and bin."""
    totals: Counter[tuple[Column, str, str]] = Counter()
    for column, verdict, measure, counts in _measured(cells):
        totals[column, verdict.law, measure] += sum(counts)
    places = {cell.column: place for place, cell in enumerate(cells)}
    return [
        {
            "backend": column.name,
            "place": places[column],
            "law": verdict.law,
            "dtype": verdict.dtype,
            "measure": measure,
            "bin": name,
            "cases": count,
            "share": count / totals[column, verdict.law, measure],
        }
        for column, verdict, measure, counts in _measured(cells)
        for name, count in zip(MEASURES[measure], counts, strict=False)
        if count
    ]


def _measured(
    cells: Sequence[MatrixCell],
) -> Iterator[tuple[Column, Verdict, str, tuple[int, ...]]]:
    for cell in cells:
        for verdict in (v for v in cell.verdicts if v.law in (VALUES, GRADIENTS)):
            yield cell.column, verdict, "error / bound", verdict.histogram
            yield cell.column, verdict, "error in ULP", verdict.ulps


def chart() -> dict[str, Any]:
    """Return the chart for any op, without its numbers, as a Vega-Lite specification."""
    import altair as alt

    law = alt.param(
        name="law", value=VALUES, bind=alt.binding_radio(options=[VALUES, GRADIENTS], name="law ")
    )
    data = alt.Data(name="errors", values=[])
    panels = [_panel(alt, measure, bins) for measure, bins in MEASURES.items()]
    both = alt.ConcatChart(concat=panels, data=data, columns=2).add_params(law)
    found: dict[str, Any] = both.configure(**_config()).to_dict(validate=True)
    return found


def _panel(alt: Any, measure: str, bins: tuple[str, ...]) -> Any:
    """Return one measure: a bar for each bin, a row for each backend, all on one axis."""
    bars = (
        alt.Chart(width=300, height=34)
        .mark_bar()
        .encode(
            x=alt.X("bin:N", scale=alt.Scale(domain=list(bins)), title=measure, axis=_below()),
            y=alt.Y("share:Q", title=None, axis=alt.Axis(tickCount=2, format="%")),
            color=alt.Color("dtype:N", scale=alt.Scale(domain=list(DTYPES), range=list(COLORS))),
            tooltip=["backend:N", "dtype:N", "bin:N", "cases:Q"],
        )
    )
    order = alt.EncodingSortField("place", op="min")
    rows = alt.Row("backend:N", title=None, sort=order, header=_heading(), spacing=8)
    kept = bars.transform_filter(f"datum.measure == '{measure}' && datum.law == law")
    return kept.encode(row=rows)


def _below() -> dict[str, Any]:
    return {"labelAngle": -40, "domain": True}


def _heading() -> dict[str, Any]:
    return {"labelAngle": 0, "labelAlign": "left", "labelColor": QUIET, "labelLimit": 120}


def _config() -> dict[str, Any]:
    axis = {"labelColor": QUIET, "titleColor": QUIET, "domainColor": QUIET, "tickColor": QUIET}
    return {
        "background": "transparent",
        "axis": {**axis, "gridOpacity": 0.2},
        "legend": {"labelColor": QUIET, "titleColor": QUIET, "orient": "top", "title": None},
        "view": {"stroke": None},
    }


def runtime() -> str:
    """Return Vega, Vega-Lite and their embedding as one script, to be put into the page."""
    import vl_convert

    bundle: Any = vl_convert.javascript_bundle
    return str(bundle())
