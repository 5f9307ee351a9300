"""What came of a check, in words: what is wrong first, then a line for each law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

from etalon.reports.matrix import MARKS
from etalon.reports.records import BAD, Cluster, Verdict
from etalon.reports.terminal import found_in

UNJUDGED = ("skipped", "unsupported", "nothing claimed")
CAUSES = 5
"""How many causes are shown."""


def told(label: str, op: str, backend: str, verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts on an implementation in words."""
    failing = [verdict for verdict in verdicts if verdict.verdict in BAD]
    says = "does not compute" if failing else "computes"
    if all(verdict.own_error or verdict.verdict in UNJUDGED for verdict in verdicts):
        says = "could not be judged to compute"
    version = verdicts[0].version if verdicts else ""
    head = f"{label} {says} what {op} specifies, on {backend} {version}".rstrip()
    return "\n".join([head, *_failures(backend, failing), *_lines(verdicts)])


def _failures(backend: str, failing: Sequence[Verdict]) -> Iterator[str]:
    """Yield each cause once, by its first case, with what it comes to in the other cells."""
    causes: dict[tuple[str, str | None], list[tuple[Verdict, Cluster]]] = {}
    for verdict in failing:
        for cluster in verdict.clusters:
            causes.setdefault((cluster.cause, cluster.what), []).append((verdict, cluster))
    ended = [v for v in failing if v.own_error or (v.verdict == "crashed" and not v.clusters)]
    for reason in dict.fromkeys(verdict.reason for verdict in ended):
        cells = ", ".join(f"{v.law} {v.dtype}" for v in ended if v.reason == reason)
        yield f"\n{MARKS['crashed']} {reason}, in {cells}"
    candidates_own_first = sorted(causes.items(), key=lambda item: item[0][1] is not None)
    for _, places in candidates_own_first[:CAUSES]:
        yield from _cause(backend, *places)
    if len(causes) > CAUSES:
        yield f"\nand {len(causes) - CAUSES} causes more"
    if failing:
        yield ""


def _cause(
    backend: str, first: tuple[Verdict, Cluster], *others: tuple[Verdict, Cluster]
) -> Iterator[str]:
    verdict, cluster = first
    found, worst = cluster.counterexample, cluster.worst
    _, _, stratum, _, _, config, *_ = found.case.split(":")
    yield f"\n{MARKS[verdict.verdict]} {verdict.law}, {verdict.dtype}: {found_in(cluster, verdict)}"
    yield f"  {found.message}"
    yield f"  in the case {config}, {stratum} values"
    if worst:
        yield f"  at worst: {worst.message}"
        yield f"  in the case {worst.case}"
    if cluster.what:
        yield f"  {backend} itself departs so: {cluster.what}"
    for other, also in others:
        yield f"  as well in {other.law} {other.dtype}: {also.furthest.message}"
    yield f"  again: {found.command}"


def _lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Yield a line for each law: its verdicts by dtype."""
    for law in dict.fromkeys(verdict.law for verdict in verdicts):
        own = [verdict for verdict in verdicts if verdict.law == law]
        marks = ", ".join(f"{v.dtype} {MARKS[v.verdict]} {_evidence(v)}".rstrip() for v in own)
        yield f"  {law:<18} {marks}"


def _evidence(verdict: Verdict) -> str:
    if verdict.verdict == "fails":
        return f"fails ({_furthest(verdict)})"
    if verdict.verdict not in ("conforms", "diverges"):
        if verdict.verdict in ("skipped", "nothing claimed"):
            return f"not judged: {verdict.reason}"
        return verdict.reason or verdict.verdict
    worst = float(verdict.worst_ratio)
    return f"({verdict.cases} cases{f', {worst:.2g} of the bound' if worst else ''})"


def _furthest(verdict: Verdict) -> str:
    """Return how far off a law is at worst; where that is no number, by which cause."""
    worst = max(verdict.clusters, key=lambda cluster: cluster.ratio)
    return f"{worst.ratio:.2g} of the bound" if isfinite(worst.ratio) else worst.cause
