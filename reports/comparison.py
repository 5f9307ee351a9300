"""Two runs compared, verdict by verdict: what was fixed, what broke, what came or went.

A release is judged by what changed since the last one. So that a wrong convention which shows
under four dtypes is one line, changes of the same op, column, kind and cause are one group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from etalon.reports.likeness import differences, versions
from etalon.reports.matrix import SEVERITY, Column, Matrix, order, place
from etalon.reports.records import Cluster, Verdict, VerdictName

Kind = Literal["broken", "less accurate", "gone", "new", "more accurate", "fixed"]
KINDS: tuple[Kind, ...] = ("broken", "less accurate", "gone", "new", "more accurate", "fixed")
"""Kinds of change, the worst first."""

SIGNS: dict[Kind, str] = {
    "broken": "✗",
    "less accurate": "▼",
    "gone": "–",
    "new": "+",
    "more accurate": "▲",
    "fixed": "✓",
}
"""A sign for each kind of change, so that none is told by its colour alone."""

WORSE: frozenset[Kind] = frozenset({"broken", "less accurate"})

RANKS: dict[VerdictName, int] = {
    "conforms": 0,
    "diverges": 1,
    "unsupported": 2,
    "skipped": 2,
    "nothing claimed": 2,
    "fails": 3,
    "crashed": 4,
}
"""How bad a verdict is; two of the same rank are compared by their causes."""

STEP = 0.1
"""The part of the bound by which the worst error has to change to count as a change."""

Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Change:
    """What changed in one verdict, for one cause.

    ``old`` is ``None`` where the verdict is new, ``new`` where it is gone.
    """

    kind: Kind
    cause: str
    says: str
    old: Verdict | None
    new: Verdict | None
    cluster: Cluster | None = None
    """The departure that came, where something broke, or that went."""

    @property
    def verdict(self) -> Verdict:
        """The verdict as it is now, or as it was where it is gone."""
        found = self.new or self.old
        assert found is not None, "a change is of a verdict"
        return found

    @property
    def column(self) -> Column:
        """The column of a report that the verdict is in."""
        return Column(self.verdict.backend, self.verdict.device, self.verdict.mode)


@dataclass(frozen=True)
class Group:
    """All changes of one op in one column that are of one kind and have one cause."""

    op: str
    column: Column
    kind: Kind
    cause: str
    changes: tuple[Change, ...]

    @property
    def worst(self) -> Change:
        """The change that stands for the group: the worst verdict, the largest error."""
        return min(self.changes, key=lambda change: _badness(change.verdict))

    @property
    def says(self) -> str:
        """What changed, in a few words."""
        return self.worst.says

    @property
    def laws(self) -> tuple[str, ...]:
        """The laws under which it changed."""
        return tuple(dict.fromkeys(change.verdict.law for change in self.changes))

    @property
    def dtypes(self) -> tuple[str, ...]:
        """The dtypes in which it changed."""
        return tuple(dict.fromkeys(change.verdict.dtype for change in self.changes))

    @property
    def command(self) -> str:
        """The command that replays what broke; empty where there is no case of it."""
        cluster = self.worst.cluster if self.kind == "broken" else None
        return cluster.counterexample.command if cluster else ""


@dataclass(frozen=True)
class Comparison:
    """All that changed from one run to another."""

    groups: tuple[Group, ...]
    """Changes, the worst first."""
    versions: dict[Column, tuple[str, str]]
    """What was judged in each column, then and now; empty where nothing was."""
    warnings: tuple[str, ...]
    """Why the two can't be compared like with like: a sentence each."""
    compared: int
    """How many verdicts are in both."""
    unchanged: int
    """How many of these are the same."""

    @property
    def counts(self) -> dict[Kind, int]:
        """How many verdicts changed in each way, with zeros."""
        changes = (change for group in self.groups for change in group.changes)
        counted = Counter(kind for kind, _ in {(one.kind, key(one.verdict)) for one in changes})
        return {kind: counted[kind] for kind in KINDS}

    def by_column(self, kind: Kind) -> dict[str, int]:
        """How many verdicts changed in one way in each column."""
        found = Counter[str]()
        for group in self.groups:
            if group.kind == kind:
                found[group.column.name] += len(group.changes)
        return dict(found)

    @property
    def worse(self) -> bool:
        """Whether anything broke, or became less accurate."""
        return any(group.kind in WORSE for group in self.groups)


def compare(old: Matrix, new: Matrix) -> Comparison:
    """Return what changed from one run to another."""
    before = {key(verdict): verdict for verdict in old.verdicts}
    after = {key(verdict): verdict for verdict in new.verdicts}
    both = before.keys() & after.keys()
    changes = {one: _changes(before.get(one), after.get(one)) for one in (*after, *before)}
    return Comparison(
        groups=_grouped(change for found in changes.values() for change in found),
        versions=versions(old, new),
        warnings=tuple(differences(old, new, len(both))),
        compared=len(both),
        unchanged=sum(not changes[one] for one in both),
    )


def key(of: Verdict) -> Key:
    """Return what a verdict is about: verdicts of two runs with the same key are compared."""
    return of.op, of.backend, of.device, of.mode, of.law, of.dtype


def _grouped(changes: Iterable[Change]) -> tuple[Group, ...]:
    found: dict[tuple[str, Column, Kind, str], list[Change]] = {}
    for change in changes:
        key = (change.verdict.op, change.column, change.kind, change.cause)
        found.setdefault(key, []).append(change)
    groups = [Group(*key, tuple(members)) for key, members in found.items()]
    return tuple(sorted(groups, key=_order))


def _order(group: Group) -> tuple[object, ...]:
    bad = SEVERITY.index(group.worst.verdict.verdict)
    return KINDS.index(group.kind), bad, place(group.op), order(group.column), group.cause


def _badness(verdict: Verdict) -> tuple[int, float]:
    return SEVERITY.index(verdict.verdict), -float(verdict.worst_ratio)


def _changes(old: Verdict | None, new: Verdict | None) -> list[Change]:
    match old, new:
        case None, Verdict() as came:
            return [Change("new", came.verdict, f"new: {came.verdict}", None, came)]
        case Verdict() as went, None:
            return [Change("gone", went.verdict, f"gone: {went.verdict}", went, None)]
        case Verdict() as then, Verdict() as now:
            return _by_rank(then, now) or _by_cause(then, now) or _by_accuracy(then, now)
    return []


def _by_rank(old: Verdict, new: Verdict) -> list[Change]:
    step = RANKS[new.verdict] - RANKS[old.verdict]
    if step == 0:
        return []
    kind: Kind = "broken" if step > 0 else "fixed"
    worse, better = (new, old) if step > 0 else (old, new)
    about = _beyond(worse, better) or worse.clusters
    says = f"{old.verdict} → {new.verdict}"
    if not about:
        reason = f": {worse.reason}" if worse.reason else ""
        return [Change(kind, worse.reason, f"{says}{reason}", old, new)]
    return [Change(kind, one.cause, f"{says}: {one.cause}", old, new, one) for one in about]


def _by_cause(old: Verdict, new: Verdict) -> list[Change]:
    appeared, vanished = _beyond(new, old), _beyond(old, new)
    kind: Kind = "broken" if appeared else "fixed"
    says = f"still {new.verdict}, now {'with' if appeared else 'without'}"
    return [
        Change(kind, one.cause, f"{says} {one.cause}", old, new, one)
        for one in appeared or vanished
    ]


def _by_accuracy(old: Verdict, new: Verdict) -> list[Change]:
    # Six digits are recorded, and 0.3 − 0.2 is to be 0.1.
    step = round(float(new.worst_ratio) - float(old.worst_ratio), 6)
    if not abs(step) >= STEP:  # nor where it is NaN
        return []
    says = (
        f"worst error {float(old.worst_ratio):.2f} → {float(new.worst_ratio):.2f} of the bound, "
        f"{float(old.worst_ulp):.3g} → {float(new.worst_ulp):.3g} ULP"
    )
    return [Change("less accurate" if step > 0 else "more accurate", "", says, old, new)]


def _beyond(one: Verdict, other: Verdict) -> tuple[Cluster, ...]:
    known = {cluster.cause for cluster in other.clusters}
    return tuple(cluster for cluster in one.clusters if cluster.cause not in known)
