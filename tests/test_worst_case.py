"""Wherever a cause is shown, its smallest case is, and the one that is furthest off."""

from __future__ import annotations

import io
from collections.abc import Callable

import msgspec
import pytest
from rich.console import Console

from etalon.conformance.candidates.failure_text import told
from etalon.conformance.running.suite import _explained
from etalon.reports import checksums, opened, terminal
from etalon.reports.machines import junit, markdown
from etalon.reports.matrix import matrix
from etalon.reports.records import Cluster, Counterexample, Element, Verdict, encode, parse
from test_records import failing
from test_report import rendered


def shown(case: str, ratio: str) -> Counterexample:
    element = Element(
        output="y", index=(0,), wanted="1.0", got="2.0", error="1", bound="0.1", ratio=ratio
    )
    return Counterexample(
        case=f"layers/dense:float32:normal:x1.0:s0:{case}",
        message=f"{case} is off (error / bound {ratio})",
        command=f"etalon replay {case}",
        element=element,
    )


CLUSTER = Cluster(
    cause="y: beyond the bound",
    cases=3,
    counterexample=shown("small", "1.17"),
    worst=shown("large", "9e+06"),
)


def wrong(**changes: object) -> Verdict:
    return failing(clusters=(CLUSTER,), **changes)


def in_terminal(verdict: Verdict) -> str:
    file = io.StringIO()
    Console(width=200, file=file).print(terminal.summary([verdict]))
    return file.getvalue()


SHOWN: dict[str, Callable[[Verdict], str]] = {
    "terminal": in_terminal,
    "test": _explained,
    "check": lambda one: told("mine", one.op, "torch", [one]),
    "JUnit": lambda one: junit.document(matrix([one])),
    "page": lambda one: " ".join(rendered(one).words),
}


@pytest.mark.parametrize("place", SHOWN)
def test_both_cases_are_shown(place: str) -> None:
    text = SHOWN[place](wrong())
    assert "small is off (error / bound 1.17)" in text
    assert "large is off (error / bound 9e+06)" in text
    assert text.index("small is off") < text.index("large is off")


def test_a_summary_in_markdown_has_the_largest_ratio() -> None:
    smaller = msgspec.structs.replace(CLUSTER, worst=None)
    text = markdown.summary(
        matrix([failing(clusters=(smaller,)), wrong(law="gradients", dtype="float64")])
    )
    assert "y: beyond the bound, error / bound 9e+06 (values, gradients; float32, float64)" in text


def test_a_departure_tells_each_law_and_dtype_its_number() -> None:
    smaller = msgspec.structs.replace(CLUSTER, worst=None)
    verdicts = [failing(clusters=(smaller,)), wrong(law="gradients")]
    (cell,) = matrix(verdicts).cells
    (departure,) = opened.departures(cell)
    assert departure.where == {"values": ["float32 1.17"], "gradients": ["float32 9e+06"]}
    assert departure.worst == CLUSTER.worst


def test_a_record_without_a_worst_case_is_read() -> None:
    record = msgspec.json.decode(encode(wrong()))
    del record["crc32"], record["clusters"][0]["worst"]
    read = parse(checksums.sealed(msgspec.json.encode(record)))
    assert isinstance(read, Verdict)
    (cluster,) = read.clusters
    assert (cluster.worst, cluster.furthest) == (None, cluster.counterexample)
