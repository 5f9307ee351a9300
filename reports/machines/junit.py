"""JUnit XML: a test suite for each column, a test case for each verdict.

A documented divergence passes: it is known, and a run that meets only such is a success.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.etree import ElementTree

from etalon.reports.machines.characters import legal
from etalon.reports.matrix import Column, Matrix
from etalon.reports.records import Cluster, Run, Verdict, VerdictName

PROPERTIES = (
    "etalon",
    "python",
    "platform",
    "version",
    "device",
    "mode",
    "profile",
    "seed",
    "edition",
    "started",
)
"""What is said of a run, by the names that its record has for it."""

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'

COUNTED: dict[str, tuple[VerdictName, ...]] = {
    "failures": ("fails",),
    "errors": ("crashed",),
    "skipped": ("unsupported", "skipped", "nothing claimed"),
}
"""The verdicts that JUnit counts, by its names for them."""


def document(matrix: Matrix) -> str:
    """Return all verdicts of a matrix as a document of JUnit XML."""
    root = ElementTree.Element("testsuites", name="etalon")
    _count(root, matrix.verdicts)
    for column in matrix.columns:
        root.append(_suite(column, matrix.verdicts_of(column), matrix.runs_of(column)))
    ElementTree.indent(root)
    return HEAD + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(column: Column, verdicts: list[Verdict], runs: Iterable[Run]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=legal(column.name))
    _count(suite, verdicts)
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(runs):
        ElementTree.SubElement(properties, "property", name=name, value=legal(value))
    suite.extend(_case(column, verdict) for verdict in verdicts)
    return suite


def _count(element: ElementTree.Element, verdicts: list[Verdict]) -> None:
    element.set("tests", str(len(verdicts)))
    for name, counted in COUNTED.items():
        element.set(name, str(sum(verdict.verdict in counted for verdict in verdicts)))
    element.set("time", f"{sum(verdict.seconds for verdict in verdicts):.3f}")


def _properties(runs: Iterable[Run]) -> Iterable[tuple[str, str]]:
    """Return names and values, each pair once where a column has several runs."""
    return dict.fromkeys((name, str(getattr(run, name))) for run in runs for name in PROPERTIES)


def _case(column: Column, verdict: Verdict) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase",
        classname=legal(f"{column.name}.{verdict.op}"),
        name=legal(f"{verdict.law}[{verdict.dtype}]"),
        time=f"{verdict.seconds:.3f}",
    )
    if verdict.verdict in OUTCOMES:
        OUTCOMES[verdict.verdict](case, verdict)
    known = [cluster for cluster in verdict.clusters if cluster.divergence is not None]
    if known:
        said = ElementTree.SubElement(case, "system-out")
        said.text = legal("\n".join(map(_documented, known)))
    return case


def _failure(case: ElementTree.Element, verdict: Verdict) -> None:
    found = [cluster for cluster in verdict.clusters if cluster.divergence is None]
    causes = ", ".join(cluster.cause for cluster in found) or verdict.reason
    failure = ElementTree.SubElement(case, "failure", type="fails", message=legal(causes))
    failure.text = _all_undocumented(verdict)


def _error(case: ElementTree.Element, verdict: Verdict) -> None:
    error = ElementTree.SubElement(case, "error", type="crashed", message=legal(verdict.reason))
    error.text = _all_undocumented(verdict) or None


def _all_undocumented(verdict: Verdict) -> str:
    found = [cluster for cluster in verdict.clusters if cluster.divergence is None]
    return legal("\n\n".join(_undocumented(verdict, cluster) for cluster in found))


def _skipped(case: ElementTree.Element, verdict: Verdict) -> None:
    reason = ": ".join(filter(None, (verdict.verdict, verdict.reason)))
    ElementTree.SubElement(case, "skipped", message=legal(reason))


OUTCOMES: dict[VerdictName, Callable[[ElementTree.Element, Verdict], None]] = {
    "fails": _failure,
    "crashed": _error,
    "unsupported": _skipped,
    "skipped": _skipped,
    "nothing claimed": _skipped,
}
"""What a test case says that did not simply pass."""


def _undocumented(verdict: Verdict, cluster: Cluster) -> str:
    lines = [f"{cluster.cause} in {cluster.cases} of {verdict.cases} cases"]
    for which, found in cluster.shown.items():
        lines += [f"{which}{found.message}", f"replay: {found.command}"]
    return "\n".join(lines)


def _documented(cluster: Cluster) -> str:
    parts = f"documented as {cluster.divergence} ({cluster.nature}): {cluster.what}"
    return f"{parts} {cluster.upstream}" if cluster.upstream else parts
