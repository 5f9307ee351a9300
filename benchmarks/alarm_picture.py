"""The picture of ``alarms.py``: true alarms as lines, false ones as bars, for each op and dtype."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import altair as alt

STYLES = MappingProxyType(
    {
        "assert_close": ("#cc6677", "square", (4, 2)),
        "twice the baseline": ("#ddaa33", "triangle-up", (4, 2)),
        "hipDNN": ("#7d8790", "cross", (4, 2)),
        "Etalon, guaranteed": ("#77aadd", "circle", (1, 0)),
        "Etalon, likely": ("#225588", "circle", (1, 0)),
        "Etalon, all together": ("#aa4499", "triangle-down", (1, 0)),
        "Etalon, exact data": ("#228866", "diamond", (1, 0)),
    }
)
"""Colour, shape and dashes of each judge: the lines of those that are not Etalon's are dashed."""

WIDTH, LINES, BARS = 190, 150, 80


@dataclass(frozen=True)
class Share:
    """The shares of plants and of right implementations that a judge refuses."""

    op: str
    dtype: str
    terms: int
    judge: str
    true: float
    false: float


def picture(shares: Sequence[Share]) -> str:
    """Return the picture as SVG: a row of lines and one of bars for each op."""
    import vl_convert

    ops, dtypes = (list(dict.fromkeys(found)) for found in _places(shares))
    rows = [
        alt.hconcat(*(panel(_of(shares, op, dtype), op, dtype) for dtype in dtypes), spacing=16)
        for op in ops
        for panel in (_lines, _bars)
    ]
    chart: Any = alt.vconcat(*rows, spacing=6).configure(**_config())
    return str(vl_convert.vegalite_to_svg(chart.to_dict())) + "\n"


def _places(shares: Sequence[Share]) -> tuple[list[str], list[str]]:
    return [share.op for share in shares], [share.dtype for share in shares]


def _of(shares: Sequence[Share], op: str, dtype: str) -> alt.Data:
    own = (share for share in shares if (share.op, share.dtype) == (op, dtype))
    return alt.Data(values=[asdict(share) for share in own])


def _lines(data: alt.Data, op: str, dtype: str) -> Any:
    """Return which share of plants is refused, by the number of terms."""
    return (
        alt.Chart(data, width=WIDTH, height=LINES, title=f"{op}, {dtype}")
        .mark_line(strokeWidth=2, aria=False, point=alt.OverlayMarkDef(size=42, filled=True))
        .encode(
            x=_terms(labels=False),
            y=_share("true", "plants refused" if dtype == "float32" else None),
            color=_color(),
            shape=alt.Shape("judge:N", scale=_scale(1), title=None),
            strokeDash=alt.StrokeDash("judge:N", scale=_scale(2), title=None),
        )
    )


def _bars(data: alt.Data, op: str, dtype: str) -> Any:
    """Return which share of right implementations is refused, by the number of terms."""
    return (
        alt.Chart(data, width=WIDTH, height=BARS)
        .mark_bar(aria=False)
        .encode(
            x=_terms(labels=True),
            xOffset=alt.XOffset("judge:N", scale=alt.Scale(domain=list(STYLES))),
            y=_share("false", "right refused" if dtype == "float32" else None),
            color=_color(),
        )
    )


def _terms(labels: bool) -> alt.X:
    axis = alt.Axis(labelAngle=0, labels=labels, ticks=labels, format=",d", title=None)
    return alt.X("terms:O", axis=axis, scale=alt.Scale(paddingOuter=0.1))


def _share(name: str, title: str | None) -> alt.Y:
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1] if name == "true" else [0, 0.5, 1])
    return alt.Y(f"{name}:Q", title=title, axis=axis, scale=alt.Scale(domain=[0, 1]))


def _color() -> alt.Color:
    return alt.Color("judge:N", scale=_scale(0), title=None)


def _scale(part: int) -> alt.Scale:
    return alt.Scale(domain=list(STYLES), range=[style[part] for style in STYLES.values()])


def _config() -> dict[str, Any]:
    return {
        "background": "white",
        "axis": {"labelFontSize": 10, "titleFontSize": 11, "gridOpacity": 0.4, "domain": False},
        "title": {"fontSize": 12, "anchor": "start", "fontWeight": "bold"},
        "legend": {"orient": "top", "labelFontSize": 12, "symbolSize": 90, "columns": 4},
        "view": {"stroke": "#dddddd"},
    }
