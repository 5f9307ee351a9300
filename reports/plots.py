"""How close backends come, and how small a fault is noticed: Vega-Lite charts by Altair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import quantiles
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


def powers(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Return the gains to plot against the size of calls, by law and dtype.

    Of an op it is that of the verdict which notices least; of several ops their quartiles.
    """
    weakest: dict[tuple[str, str, int], dict[str, float]] = {}
    for verdict in verdicts:
        if verdict.law in (VALUES, GRADIENTS) and verdict.power:
            for size, noticed in verdict.power.gains.items():
                by_op = weakest.setdefault((verdict.law, verdict.dtype, size), {})
                by_op[verdict.op] = max(float(noticed), by_op.get(verdict.op, 0))
    found = []
    for (law, dtype, size), by_op in sorted(weakest.items()):
        low, gain, high = _quartiles(list(by_op.values()))
        place = {"law": law, "dtype": dtype, "size": size, "ops": len(by_op)}
        found.append({**place, "low": low, "gain": gain, "high": high})
    return found


def _quartiles(numbers: list[float]) -> list[float]:
    return quantiles(numbers, method="inclusive") if len(numbers) > 1 else numbers * 3


def power_chart() -> dict[str, Any]:
    """Return the chart of gains by size, without its numbers, as a Vega-Lite specification."""
    import altair as alt

    data = alt.Data(name="powers", values=[])
    panels = [_gains(alt, law) for law in (VALUES, GRADIENTS)]
    both = alt.ConcatChart(concat=panels, data=data, columns=2)
    found: dict[str, Any] = both.configure(**_config()).to_dict(validate=True)
    return found


def _gains(alt: Any, law: str) -> Any:
    """Return the gains of one law: a line for each dtype, in a band, and where zeros pass."""
    size = alt.Scale(type="log", base=2)
    fault = alt.Scale(type="log", domainMax=10, clamp=True)
    axis = alt.Axis(format="~e", tickCount=6)
    legend = alt.Legend(symbolOpacity=1)
    colors = alt.Scale(domain=list(DTYPES), range=list(COLORS))
    of_dtype = alt.Chart(width=300, height=200).encode(
        x=alt.X("size:Q", scale=size, title=f"{law}: numbers that go in"),
        color=alt.Color("dtype:N", scale=colors, legend=legend),
        tooltip=["dtype:N", "size:Q", "gain:Q", "ops:Q"],
    )
    line = of_dtype.mark_line(point=True).encode(
        y=alt.Y("gain:Q", scale=fault, title="gain", axis=axis)
    )
    band = of_dtype.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title="gain"), y2="high:Q")
    all_passes = alt.Chart().mark_rule(color=QUIET, strokeDash=[4, 4]).encode(y=alt.datum(1))
    gains = alt.layer(band, line, all_passes).transform_filter(f"datum.law == '{law}'")
    return gains.properties(name=law)


def chart() -> dict[str, Any]:
    """Return the chart of errors for any op, without its numbers, as a Vega-Lite specification."""
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
