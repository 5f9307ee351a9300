"""Departures grouped by their cause: what a cell that departs from the spec shows.

A cause is a documented divergence, or a symptom. Of each the smallest case is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from etalon.conformance.arithmetic.precision import FACTORS
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.divergences import Divergence, match
from etalon.conformance.judging.sampling import smallest
from etalon.conformance.programs import replay_script
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import Cluster, Counterexample

SCRIPT = 16_000
"""How many characters a program in a record may have; a longer one is made on demand."""


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
        """Return the departures of a cell by cause: undocumented ones first, then by cases."""
        groups: dict[tuple[Divergence | None, str], list[Outcome]] = {}
        for departure in (part for outcome in outcomes for part in outcome.departures):
            entry = self._entry(departure)
            groups.setdefault((entry, "" if entry else departure.symptom), []).append(departure)
        held = [outcome.case for outcome in outcomes if outcome.holds]
        found = (
            _documented(entry, those, self._shown(_smallest(those)))
            if entry
            else self._undocumented(symptom, those, held)
            for (entry, symptom), those in groups.items()
        )
        return tuple(sorted(found, key=lambda c: (c.divergence is not None, -c.cases)))

    def stale(
        self, outcomes: Sequence[Outcome], shown: Iterable[tuple[Divergence, Case]]
    ) -> tuple[Cluster, ...]:
        """Return a cluster for each case of an entry that no longer shows it.

        What shows on some processors only may be missing on this one, and what shows in full
        precision may be within the bound of a mode that rounds factors.
        """
        if self.subject.mode in FACTORS:
            return ()
        found = []
        for entry, case in ((e, c) for e, c in shown if not e.processors):
            parts = [p for o in outcomes if o.case.id == case.id for p in o.departures]
            if not any(match(part, self.law, self.subject.device, (entry,)) for part in parts):
                says = f"divergence {entry.id} no longer occurs: remove its entry"
                seen = Counterexample(
                    case=case.id, message=says, command=self.subject.replaying(case.id)
                )
                found.append(Cluster(cause=says, cases=1, counterexample=seen))
        return tuple(found)

    def _entry(self, departure: Outcome) -> Divergence | None:
        return match(departure, self.law, self.subject.device, self.known)

    def _undocumented(self, symptom: str, outcomes: list[Outcome], held: list[Case]) -> Cluster:
        worst = self._made_smaller(symptom, outcomes)
        shared = self.shared(worst)
        return Cluster(
            cause=symptom,
            cases=_cases(outcomes),
            where=_where([outcome.case for outcome in outcomes], held),
            what=shared.what if shared else None,
            counterexample=self._shown(worst),
        )

    def _made_smaller(self, symptom: str, outcomes: list[Outcome]) -> Outcome:
        def like(case: Case) -> list[Outcome]:
            outcome = self.judged(case)
            parts = outcome.departures if outcome else ()
            return [p for p in parts if p.symptom == symptom and not self._entry(p)]

        first = _smallest(outcomes)
        if not self.profile:
            return first
        found = smallest(first.case, self.law, lambda case: bool(like(case)), self.profile)
        return next(iter(like(found)), first)

    def _shown(self, outcome: Outcome) -> Counterexample:
        return Counterexample(
            case=outcome.case.id,
            message=outcome.message,
            command=self.subject.replaying(outcome.case.id),
            script=self._script(outcome),
            element=outcome.element,
        )

    def _script(self, outcome: Outcome) -> str:
        whole = self.subject.documented and self.subject.mode == "eager"
        if not whole or not replay_script.shows(self.law, outcome):
            return ""
        try:
            written = replay_script.script(self.subject, outcome.case, self.law, outcome)
        except (OSError, TypeError):  # the source is nowhere to be read, or was never Python
            return ""
        return written if len(written) <= SCRIPT else ""


def _cases(outcomes: Iterable[Outcome]) -> int:
    """Count cases: one with several wrong results counts once."""
    return len({outcome.case.id for outcome in outcomes})


def _where(departing: list[Case], held: list[Case]) -> str:
    """Return the values that tell the departing cases from those that conform."""
    told = []
    for name in held[0].traits if held else ():
        had, others = ({case.traits[name] for case in cases} for cases in (departing, held))
        if had.isdisjoint(others) and len(had) <= len(others):
            told.append(f"{name}={' or '.join(sorted(had))}")
    return ", ".join(told)


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
