"""Departures grouped by their cause: what a cell that departs from the spec shows.

A documented divergence is one cluster. All other departures are told apart by how they look, as
their cause can't be seen: by the output, the symptom, and the order of magnitude. Those that the
backend of a candidate has as well, and has documented, are clusters of their own.

One fault gives ratios (error / bound) of several magnitudes, as numbers and shapes vary from case
to case, but few gaps between them. So what is beyond the bound is split once, where lost digits
end and wrong numbers begin: at the first gap of three decades that begins within three decades of
the bound. What lies above is not split, as where a function is all but 0 its bound is so small that
one wrong formula gives ratios from 1e7 to 1e40. In half precision, where a wrong number is off by a
few hundred bounds, there is no such gap.

Of each undocumented cluster the smallest case is shown, which is the easiest to understand, and
the worst.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from etalon.conformance.cases.case import Case
from etalon.conformance.judging.control import SPOILS
from etalon.conformance.judging.divergences import Divergence, match
from etalon.conformance.judging.sampling import smallest
from etalon.conformance.programs import replay_script
from etalon.conformance.subjects.comparison import BEYOND
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import Cluster, Counterexample
from etalon.spec.words import EXECUTIONS, REDUCED

FAR = 1000.0
"""How many bounds lost digits may come to, and by which factor wrong numbers are further off."""
SCRIPT = 16_000
"""How many characters a program in a record may have; a longer one is made on demand."""

Traits = dict[str, set[str]]


@dataclass(frozen=True)
class Cause:
    """What the departures of one cluster have in common: an entry, or else how they look.

    ``shared`` documents that the backend of a candidate itself departs so. The ratios are above
    ``above`` and at most ``most``.
    """

    entry: Divergence | None = None
    shared: Divergence | None = None
    output: str = ""
    symptom: str = ""
    above: float = -math.inf
    most: float = math.inf

    def spans(self, departure: Outcome) -> bool:
        """Return whether a departure is of this magnitude."""
        return self.above < _severity(departure) <= self.most

    def says(self, least: float) -> str:
        """Return the cause in words, ``least`` being the smallest ratio."""
        far = self.above > 0 or (math.isinf(self.most) and least > FAR)
        how = f"far {BEYOND}" if self.symptom == BEYOND and far else self.symptom
        return f"{self.output}: {how}" if self.output else how


@dataclass(frozen=True)
class Clustering:
    """Groups the departures of one cell, and shows each group.

    ``known`` is what is documented of the subject. ``judged`` judges a case by the law. ``shared``
    returns what is documented of a candidate's backend, where it departs as the candidate does.
    A case is made smaller by the effort of ``profile``; where that is empty, it is not.
    """

    subject: Subject
    law: str
    known: tuple[Divergence, ...]
    judged: Callable[[Case], Outcome | None]
    shared: Callable[[Outcome], Divergence | None]
    profile: str = ""

    def clusters(self, outcomes: Sequence[Outcome]) -> tuple[Cluster, ...]:
        """Return the departures of a cell by cause: undocumented ones first, the worst first."""
        departures = [part for outcome in outcomes for part in outcome.departures]
        held = [outcome.case for outcome in outcomes if outcome.holds]
        groups = sorted(self._groups(departures), key=_order)
        return tuple(
            _documented(cause.entry, found, self._shown(_smallest(found)))
            if cause.entry
            else self._undocumented(cause, found, held)
            for cause, found in groups
        )

    def stale(
        self, outcomes: Sequence[Outcome], shown: Iterable[tuple[Divergence, Case]]
    ) -> tuple[Cluster, ...]:
        """Return a cluster for each case of an entry that no longer shows it.

        What shows on some processors only may be missing on this one, and what shows in full
        precision may be within the bound of a mode that rounds factors.
        """
        if self.subject.mode in REDUCED:
            return ()
        found = []
        for entry, case in ((e, c) for e, c in shown if not e.processors):
            parts = [p for o in outcomes if o.case.id == case.id for p in o.departures]
            if not any(match(part, self.law, self.subject, (entry,)) for part in parts):
                says = f"divergence {entry.id} no longer occurs: remove its entry"
                seen = Counterexample(
                    case=case.id, message=says, command=self.subject.replaying(case.id)
                )
                found.append(Cluster(cause=says, cases=1, counterexample=seen))
        return tuple(found)

    def _groups(self, departures: Iterable[Outcome]) -> list[tuple[Cause, list[Outcome]]]:
        alike: dict[Cause, list[Outcome]] = {}
        for departure in departures:
            alike.setdefault(self._cause(departure), []).append(departure)
        return [
            (part, [departure for departure in found if part.spans(departure)])
            for cause, found in alike.items()
            for part in _parts(cause, found)
        ]

    def _cause(self, departure: Outcome) -> Cause:
        """Return what a departure looks like, whatever its magnitude."""
        entry = match(departure, self.law, self.subject, self.known)
        if entry:
            return Cause(entry=entry)
        output = departure.element.output if departure.element else ""
        shared = self.shared(departure)
        return Cause(shared=shared, output=output, symptom=departure.symptom)

    def _undocumented(self, cause: Cause, outcomes: list[Outcome], held: list[Case]) -> Cluster:
        told = _telling([outcome.case for outcome in outcomes], held)
        small = self._made_smaller(cause, outcomes, told)
        worst = max((small, *outcomes), key=_severity)
        return Cluster(
            cause=cause.says(min(map(_severity, (small, *outcomes)))),
            cases=_cases(outcomes),
            where=", ".join(f"{name}={' or '.join(sorted(had))}" for name, had in told.items()),
            what=cause.shared.what if cause.shared else None,
            counterexample=self._shown(small),
            worst=None if worst.case.id == small.case.id else self._shown(worst, script=False),
        )

    def _made_smaller(self, cause: Cause, outcomes: list[Outcome], told: Traits) -> Outcome:
        """Return a small departure with the same cause and what tells its cases from others."""
        whole = replace(cause, above=-math.inf, most=math.inf)

        def like(case: Case) -> list[Outcome]:
            if any(case.traits[name] not in had for name, had in told.items()):
                return []
            outcome = self.judged(case)
            parts = outcome.departures if outcome else ()
            return [p for p in parts if cause.spans(p) and self._cause(p) == whole]

        first = _smallest(outcomes)
        if not self.profile or cause.symptom == SPOILS:  # each call that spoils costs a process
            return first
        found = smallest(first.case, self.law, lambda case: bool(like(case)), self.profile)
        return next(iter(like(found)), first)

    def _shown(self, outcome: Outcome, script: bool = True) -> Counterexample:
        return Counterexample(
            case=outcome.case.id,
            message=self.subject.explained(self.law, outcome),
            command=self.subject.replaying(outcome.case.id),
            script=self._script(outcome) if script else "",
            element=outcome.element,
        )

    def _script(self, outcome: Outcome) -> str:
        whole = self.subject.documented and self.subject.mode in EXECUTIONS
        if not whole or outcome.symptom == SPOILS or not replay_script.shows(self.law, outcome):
            return ""
        try:
            written = replay_script.script(self.subject, outcome.case, self.law, outcome)
        except (OSError, TypeError):  # the source is nowhere to be read, or was never Python
            return ""
        return written if len(written) <= SCRIPT else ""


def _parts(cause: Cause, outcomes: list[Outcome]) -> tuple[Cause, ...]:
    """Split a cause where lost digits end and wrong numbers begin, if both are there."""
    if cause.shared or cause.symptom != BEYOND:
        return (cause,)
    for less, more in pairwise(sorted(map(_severity, outcomes))):
        if less <= FAR <= more / less and math.isfinite(more):
            middle = math.sqrt(less) * math.sqrt(more)
            return replace(cause, most=middle), replace(cause, above=middle)
    return (cause,)


def _severity(departure: Outcome) -> float:
    """Return the ratio of a departure; infinite where it has none, as a wrong shape."""
    return departure.ratio if departure.ratio > 1 else math.inf


def _order(group: tuple[Cause, list[Outcome]]) -> tuple[bool, bool, float, int]:
    """Return what to sort by: what is documented last, then what is worst, then most often."""
    cause, outcomes = group
    worst = 0.0 if cause.entry else max(map(_severity, outcomes))
    return cause.entry is not None, cause.shared is not None, -worst, -_cases(outcomes)


def _cases(outcomes: Iterable[Outcome]) -> int:
    """Count cases: one with several wrong results counts once."""
    return len({outcome.case.id for outcome in outcomes})


def _telling(departing: list[Case], held: list[Case]) -> Traits:
    """Return the values, by name, that tell the departing cases from those that conform."""
    told = {}
    for name in held[0].traits if held else ():
        had, others = ({case.traits[name] for case in cases} for cases in (departing, held))
        if had.isdisjoint(others) and len(had) <= len(others):
            told[name] = had
    return told


def _smallest(outcomes: list[Outcome]) -> Outcome:
    return min(outcomes, key=lambda outcome: outcome.case.size)


def _documented(entry: Divergence, outcomes: list[Outcome], shown: Counterexample) -> Cluster:
    return Cluster(
        cause=entry.id,
        cases=_cases(outcomes),
        counterexample=shown,
        divergence=entry.id,
        nature=entry.nature,
        what=entry.what,
        upstream=entry.upstream,
        versions=entry.versions,
    )
