"""One op opened: how each backend writes it, what holds of it there, and what departs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from etalon.reports.matrix import Column, Matrix, MatrixCell, in_order
from etalon.reports.records import AdapterCode, Cluster, Counterexample, Verdict, VerdictName
from etalon.spec.words import FAMILIES, LAWS, family


@dataclass(frozen=True)
class Departure:
    """One cause for which a cell departs from the spec, wherever it shows."""

    cause: str
    places: tuple[tuple[Verdict, Cluster], ...]

    @property
    def cluster(self) -> Cluster:
        """The first of its clusters: what is documented of the cause is the same in all."""
        return self.places[0][1]

    @property
    def verdict(self) -> VerdictName:
        """The verdict that the cause brings about."""
        return "diverges" if self.cluster.divergence else "fails"

    @property
    def shown(self) -> Counterexample:
        """The counterexample that tells most: with its worst number and its program."""
        found = [cluster.counterexample for _, cluster in self.places]
        return max(found, key=lambda c: (c.element is not None, bool(c.script)))

    @property
    def worst(self) -> Counterexample | None:
        """The case that is furthest off, where another is shown and there is a number."""
        furthest = max((cluster for _, cluster in self.places), key=lambda c: c.ratio).furthest
        other = furthest.case != self.shown.case
        return furthest if furthest.element and other and not self.cluster.divergence else None

    @property
    def cases(self) -> int:
        """Cases in which it showed."""
        return sum(cluster.cases for _, cluster in self.places)

    @property
    def where(self) -> dict[str, list[str]]:
        """The dtypes in which it showed, by law, each with its largest error / bound."""
        found: dict[str, list[str]] = {}
        for verdict, cluster in self.places:
            told = isfinite(cluster.ratio) and not cluster.divergence
            ratio = f" {cluster.ratio:.3g}" if told else ""
            found.setdefault(verdict.law, []).append(f"{verdict.dtype}{ratio}")
        return found


@dataclass(frozen=True)
class Law:
    """What was judged under one law, over dtypes."""

    law: str
    by_dtype: dict[str, Verdict]

    @property
    def compared(self) -> int:
        """Numbers compared."""
        return sum(verdict.compared for verdict in self.by_dtype.values())

    @property
    def undecided(self) -> int:
        """Numbers that may have overflowed, or of which nothing was claimed."""
        return sum(verdict.undecided for verdict in self.by_dtype.values())

    @property
    def unclaimed(self) -> int:
        """Numbers for which any finite answer is right."""
        return sum(verdict.power.unclaimed for verdict in self.by_dtype.values() if verdict.power)

    @property
    def pairs(self) -> tuple[int, int]:
        """Pairs of values that the cases of the dtype with the fewest have, and all there are."""
        found = [(v.pairs_covered, v.pairs) for v in self.by_dtype.values() if v.pairs]
        return min(found, default=(0, 0))

    @property
    def strata(self) -> dict[str, int]:
        """Cases in each stratum."""
        counted: Counter[str] = Counter()
        for verdict in self.by_dtype.values():
            counted.update(verdict.strata)
        return dict(counted)


@dataclass(frozen=True)
class Written:
    """How an op is written on backends that write it alike, with the evidence for each."""

    code: AdapterCode
    cells: tuple[MatrixCell, ...]

    @property
    def title(self) -> str:
        """The framework, or a library of several, whatever it runs on."""
        return family(self.code.backend) or self.code.backend

    @property
    def whole(self) -> str:
        """All that is needed to run it, to be copied."""
        parts = (self.code.helpers, self.code.source)
        return "\n\n\n".join(part for part in parts if part) or self.code.call

    @property
    def manner(self) -> str:
        """``native`` or ``composed``; for the reference, ``definition``."""
        return self.code.call.partition(":")[0] or "definition"

    @property
    def operation(self) -> str:
        """What it is in the framework's own words."""
        return self.code.call.partition(":")[2].strip()

    @property
    def pitfalls(self) -> dict[str, Departure]:
        """How it departs from the spec, on any of these backends, each cause once."""
        return {d.cause: d for cell in self.cells for d in departures(cell)}


def departures(cell: MatrixCell) -> list[Departure]:
    """Return the causes for which a cell departs, undocumented ones first, then by cases."""
    grouped: dict[tuple[str, str | None], list[tuple[Verdict, Cluster]]] = {}
    for verdict in cell.verdicts:
        for cluster in verdict.clusters:
            own = None if cluster.divergence else cluster.what
            grouped.setdefault((cluster.cause, own), []).append((verdict, cluster))
    found = [Departure(cause, tuple(places)) for (cause, _), places in grouped.items()]
    return sorted(found, key=lambda d: (d.verdict == "diverges", -d.cases))


def laws(cell: MatrixCell) -> list[Law]:
    """Return what was judged, law by law in the order of the vocabulary."""
    grouped: dict[str, dict[str, Verdict]] = {}
    for verdict in cell.verdicts:
        grouped.setdefault(verdict.law, {})[verdict.dtype] = verdict
    known = list(LAWS)
    ordered = sorted(grouped, key=lambda law: known.index(law) if law in known else len(known))
    return [Law(law, grouped[law]) for law in ordered]


def dtypes(verdicts: Iterable[Verdict]) -> list[str]:
    """Return the dtypes of verdicts, in the order of the vocabulary."""
    return in_order(verdict.dtype for verdict in verdicts)


def written(matrix: Matrix, op: str) -> list[Written]:
    """Return how backends write an op: frameworks, then libraries, and the definition last."""
    grouped: dict[tuple[str, str], list[AdapterCode]] = {}
    for adapter in matrix.adapters.get(op, {}).values():
        grouped.setdefault((adapter.call, adapter.source), []).append(adapter)
    row = matrix.rows.get(op, {})
    found = [
        Written(adapters[0], tuple(cell for c, cell in row.items() if _of(c, adapters)))
        for adapters in grouped.values()
    ]
    return sorted(found, key=lambda w: (w.manner == "definition", w.title in FAMILIES))


def _of(column: Column, adapters: list[AdapterCode]) -> bool:
    return column.backend in {adapter.backend for adapter in adapters}
