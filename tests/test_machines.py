"""What is written for machines: each format is whole, whatever text the records hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from etalon.reports.machines import junit, markdown
from etalon.reports.machines.characters import legal
from etalon.reports.matrix import Matrix, matrix
from etalon.reports.records import VERDICTS, Cluster, Counterexample, Verdict
from test_records import divergence, failing, run, verdict

HOSTILE = (
    "]]></failure><img src=x onerror=alert(1)>\"'&|`` ` \x00\x1b[31m\ud800\ufffe\n# *a* [b](c)"
)


def documented(**changes: Any) -> Verdict:
    return verdict(**{"verdict": "diverges", "clusters": (divergence(),), **changes})


def hostile() -> Matrix:
    shown = Counterexample(case=HOSTILE, message=HOSTILE, command=HOSTILE)
    cluster = Cluster(cause=HOSTILE, cases=1, counterexample=shown, what=HOSTILE, nature=HOSTILE)
    words = dict.fromkeys(("op", "law", "backend", "version", "device", "dtype", "reason"), HOSTILE)
    named = Cluster(cause=HOSTILE, cases=1, counterexample=shown, divergence=HOSTILE, what=HOSTILE)
    return matrix(
        [
            failing(**words, clusters=(cluster, named)),
            verdict(**{**words, "law": "b"}, verdict="crashed"),
            verdict(**{**words, "law": "c"}, verdict="skipped"),
        ],
        [run(backend=HOSTILE, device=HOSTILE, version=HOSTILE)],
    )


# JUnit


def suites(found: Matrix) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(junit.document(found)))


def cases(*verdicts: Verdict) -> list[ElementTree.Element]:
    (suite,) = suites(matrix(verdicts))
    return suite.findall("testcase")


def test_each_column_is_a_suite_with_its_run() -> None:
    verdicts = [verdict(), failing(law="state", seconds=1.25), verdict(backend="jax")]
    found = suites(matrix(verdicts, [run(), run(seed=7), run(backend="jax", version="0.10")]))
    assert [suite.get("name") for suite in found] == ["jax", "torch"]
    assert {name: found[1].get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
    }
    assert found[1].get("time") == "1.250"
    told = [(one.get("name"), one.get("value")) for one in found[1].iter("property")]
    assert ("version", "2.13.0") in told
    assert [value for name, value in told if name == "seed"] == ["0", "7"]
    assert len(told) == len(set(told))
    assert ("version", "0.10") not in told


@pytest.mark.parametrize(
    ("name", "tag", "counted"),
    [
        ("conforms", None, None),
        ("diverges", None, None),
        ("fails", "failure", "failures"),
        ("crashed", "error", "errors"),
        ("unsupported", "skipped", "skipped"),
        ("skipped", "skipped", "skipped"),
    ],
)
def test_each_verdict_is_a_case(name: str, tag: str | None, counted: str | None) -> None:
    (suite,) = suites(matrix([verdict(verdict=name, reason="It cuts evenly.", seconds=0.5)]))
    (case,) = suite.findall("testcase")
    assert case.attrib == {
        "classname": "torch.layers/dense",
        "name": "values[float32]",
        "time": "0.500",
    }
    assert [child.tag for child in case] == ([tag] if tag else [])
    assert all("It cuts evenly." in (child.get("message") or "") for child in case)
    counts = {key: suite.get(key) for key in ("failures", "errors", "skipped")}
    assert counts == {key: "1" if key == counted else "0" for key in counts}


def test_a_failure_says_what_was_seen_and_how_to_see_it() -> None:
    ((failure,),) = cases(failing())
    assert failure.get("message") == "NaN in place of number"
    assert (failure.text or "").splitlines() == [
        "NaN in place of number in 3 of 64 cases",
        "y[0, 1] is nan",
        "replay: etalon replay …",
    ]


def test_a_documented_divergence_passes_and_is_named() -> None:
    ((said,),) = cases(documented())
    assert said.tag == "system-out"
    assert said.text == "documented as torch-x (convention): It cuts evenly. https://example.org/1"
    both = failing(clusters=(*failing().clusters, *documented().clusters))
    ((failure, said),) = cases(both)
    assert failure.get("message") == "NaN in place of number"
    assert "torch-x" not in (failure.text or "")


def test_text_that_xml_can_not_hold_is_replaced() -> None:
    (suite,) = suites(hostile())
    seen = legal(HOSTILE)
    assert "\x00" in HOSTILE
    assert seen.count("\ufffd") == 4
    first, crashed, skipped = suite.findall("testcase")
    assert seen in (suite.get("name") or "")
    assert [child.tag for child in first] == ["failure", "system-out"]
    assert first[0].get("message") == crashed[0].get("message") == seen
    assert seen in (first[0].text or "")
    assert skipped[0].get("message") == f"skipped: {seen}"
    assert legal("a\tb\nc\U0001f600é\x85") == "a\tb\nc\U0001f600é\x85"


# Markdown


def tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        yield token
        yield from token.children or ()


def table(text: str) -> list[list[str]]:
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_totals_are_a_table_with_versions() -> None:
    text = markdown.summary(
        matrix([verdict(), documented(law="state"), failing(law="x"), verdict(backend="jax")])
    )
    heading, _, jax, torch = table(text)
    assert heading[:4] == ["backend", "version", "✓ conforms", "≠ diverges"]
    assert jax == ["jax", "2.13.0", "1", "0", "0", "0", "0", "0", "0"]
    assert torch == ["torch", "2.13.0", "1", "1", "1", "0", "0", "0", "0"]


def test_without_verdicts_nothing_was_judged() -> None:
    assert "Nothing was judged." in markdown.summary(matrix([], [run()]))
    assert "Nothing was judged." not in markdown.summary(matrix([verdict()]))


def test_failures_of_one_cause_are_one_line_with_what_replays_it() -> None:
    again = [failing(dtype=dtype) for dtype in ("float64", "float16")]
    crashed = verdict(verdict="crashed", reason="Killed: 9", law="invalid_calls")
    text = markdown.summary(matrix([failing(), *again, crashed]))
    assert "### Not documented: 2" in text
    line = "- layers/dense on torch: NaN in place of number (values; float32, float64, float16)"
    assert f"{line} `etalon replay …`" in text.splitlines()
    assert "- layers/dense on torch: crashed: Killed: 9 (invalid\\_calls; float32)" in text
    nothing = markdown.summary(matrix([documented()]))
    assert "Nothing fails that is not documented." in nothing
    assert "Not documented" not in nothing


def test_documented_divergences_are_counted_by_backend() -> None:
    cluster = replace_divergence(documented(), "torch-y")
    text = markdown.summary(matrix([documented(), documented(law="state"), cluster, verdict()]))
    assert text.splitlines()[-3:] == ["### Documented divergences", "", "- torch: 2"]
    assert "Documented divergences" not in markdown.summary(matrix([failing()]))


def replace_divergence(of: Verdict, name: str) -> Verdict:
    (cluster,) = of.clusters
    other = Cluster(
        cause=name, cases=1, counterexample=cluster.counterexample, divergence=name, nature="defect"
    )
    return documented(law="gradients", clusters=(other,))


def test_what_records_say_is_no_markdown_and_no_html() -> None:
    found = list(tokens(markdown.summary(hostile())))
    kinds = {token.type for token in found}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "em_open"}
    assert sum(token.type == "heading_open" for token in found) == 3
    assert [token.content for token in found if token.type == "code_inline"] == [
        " ".join(legal(HOSTILE).split())
    ]
    cells = [
        one.content
        for one, before in zip(found[1:], found, strict=False)
        if before.type in ("th_open", "td_open")
    ]
    assert len(cells) == 2 * (2 + len(VERDICTS))
    assert cells[-len(VERDICTS) :] == ["0", "0", "1", "0", "1", "1", "0"]


@pytest.mark.parametrize("text", ["x", "&" * 5000, "`|<" * 3000])
def test_a_summary_is_never_too_long(text: str) -> None:
    shown = Counterexample(case=text, message=text, command=text)
    clusters = tuple(
        Cluster(cause=f"{number} {text}", cases=1, counterexample=shown, divergence=known)
        for number, known in enumerate((None, None, None, text))
    )
    verdicts = [
        failing(backend=f"{number} {text}", version=text, clusters=clusters) for number in range(50)
    ]
    found = markdown.summary(matrix(verdicts))
    assert len(found.splitlines()) <= 60
    assert len(found) <= 30_000
    assert "### Not documented: 150" in found
    assert re.search(r"^- and 1[345]\d more$", found, flags=re.MULTILINE)
    assert "and 38 more" in found
    assert "- and 38 backends more" in found
