"""Judge a cell: one op under one law, on one backend, device and dtype."""

from __future__ import annotations

import bisect
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from etalon.conformance import laws
from etalon.conformance.arithmetic.precision import FACTORS, executed
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.audit import AUDITED, audit
from etalon.conformance.judging.divergences import Divergence, divergences, match
from etalon.conformance.judging.judged_cases import Judged
from etalon.conformance.judging.sampling import coverage, sample, smallest
from etalon.conformance.programs import replay_script
from etalon.conformance.subjects.fault_place import own_error
from etalon.conformance.subjects.outcomes import CannotBeAsked, Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import Cluster, Counterexample, Verdict, VerdictName
from etalon.spec.entry_check import InvalidEntry
from etalon.spec.model import Op
from etalon.spec.words import GRADIENTS

BINS = 10
ULP_BINS = (0, 0.5, 1, 2, 4, 8, 16, 32, 64)
"""The upper ends of the bins of errors in units in the last place; above is one more."""
SCRIPT = 16_000
"""How many characters a program in a record may have; a longer one is made on demand."""


@dataclass(frozen=True)
class Cell:
    """What one verdict is about. Its id is also the test's."""

    backend: str
    op: str
    law: str
    dtype: str

    @property
    def id(self) -> str:
        """``torch:layers/conv2d:values:float32``."""
        return f"{self.backend}:{self.op}:{self.law}:{self.dtype}"


@dataclass(frozen=True)
class Judge:
    """Judges the cells of one backend in one run."""

    subject: Subject
    profile: str = "full"
    seed: int = 0

    def verdict(self, cell: Cell) -> Verdict:
        """Return the verdict of a cell; where Etalon itself fails, that says so.

        Raises:
            CannotBeAsked: the subject can't be called as its caller says.
        """
        start, op = time.perf_counter(), self.subject.entry(cell.op)
        try:
            return self._judged(cell, op, start)
        except (CannotBeAsked, InvalidEntry):
            raise
        except Exception as error:  # the backend's answers end within its subject
            return self._failed(cell, op, start, error)

    def _failed(self, cell: Cell, op: Op, start: float, error: Exception) -> Verdict:
        return self._verdict(cell, op, "crashed", Judged(), (), start, own_error(error))

    def _judged(self, cell: Cell, op: Op, start: float) -> Verdict:
        lacking = self._lacking(cell, op)
        if lacking:
            return self._verdict(cell, op, "unsupported", Judged(), (), start, lacking)
        known = self._documenting(cell.op, cell.law)
        shown = [
            (entry, case)
            for entry in known
            if entry.laws[0] == cell.law
            for case in entry.shown
            if (case.op.id, case.dtype) == (cell.op, cell.dtype)
        ]
        drawn = sample(op, cell.law, cell.dtype, self.profile, self.seed)
        cases = {case.id: case for case in (*drawn, *(case for _, case in shown))}
        judged = self._outcomes(cell.law, cases.values())
        clusters = (
            *self._clusters(cell.law, judged.outcomes, known),
            *self._stale(cell.law, judged.outcomes, shown),
        )
        clusters = tuple(sorted(clusters, key=lambda c: (c.divergence is not None, -c.cases)))
        name: VerdictName = "diverges" if clusters else "conforms"
        if any(cluster.divergence is None for cluster in clusters):
            name = "fails"
        reason = "" if clusters else judged.vacuous
        return self._verdict(
            cell, op, "skipped" if reason else name, judged, clusters, start, reason
        )

    def verdict_of(self, cell: Cell, case: Case) -> Verdict:
        """Return the verdict of a cell on one case alone."""
        start = time.perf_counter()
        try:
            judged = self._outcomes(cell.law, [case])
        except (CannotBeAsked, InvalidEntry):
            raise
        except Exception as error:  # the backend's answers end within its subject
            return self._failed(cell, case.op, start, error)
        clusters = tuple(
            Cluster(cause=part.symptom, cases=1, counterexample=self._shown(cell.law, part))
            for outcome in judged.outcomes
            for part in outcome.departures
        )
        reason = "" if clusters else judged.vacuous
        name: VerdictName = "fails" if clusters else "skipped" if reason else "conforms"
        return self._verdict(cell, case.op, name, judged, clusters, start, reason)

    def _lacking(self, cell: Cell, op: Op) -> str:
        if self.subject.adapter(op) is None:
            return self.subject.why_not(op)
        if cell.dtype in self.subject.lacks:
            return f"has no {cell.dtype}"
        if cell.law == GRADIENTS and not self.subject.differentiates:
            return "takes no gradients"
        return ""

    def outcome(self, law: str, case: Case) -> Outcome | None:
        """Judge one case by one law; ``None`` where it is not one of the law's."""
        if not case.breaks and not laws.concerns(law, case):
            return None
        if law == GRADIENTS and not self.subject.differentiates:
            return None
        with executed(self.subject.mode):
            return laws.find(law)(self.subject, case)

    def documented(self, law: str, outcome: Outcome) -> Divergence | None:
        """Return the divergence that documents a departure, or ``None``."""
        known = self._documenting(outcome.case.op.id, law)
        return match(outcome, law, self.subject.device, known)

    def _documenting(self, op_id: str, law: str) -> tuple[Divergence, ...]:
        """Return what is documented of the subject: of somebody's own implementation, nothing."""
        return divergences(self.subject.place, op_id, law) if self.subject.documented else ()

    def _as_the_backend(self, law: str, outcome: Outcome) -> str | None:
        """Return how the backend itself departs so, where that is documented of it."""
        known = divergences(self.subject.place, outcome.case.op.id, law)
        entry = match(outcome, law, self.subject.device, known)
        return entry.what if entry else None

    def _outcomes(self, law: str, cases: Iterable[Case]) -> Judged:
        found = [self.outcome(law, case) for case in cases]
        own = [outcome for outcome in found if outcome is not None]
        return Judged([o for o in own if o.judges], [o for o in own if not o.judges])

    def _clusters(
        self, law: str, outcomes: list[Outcome], known: tuple[Divergence, ...]
    ) -> list[Cluster]:
        groups: dict[tuple[Divergence | None, str], list[Outcome]] = {}
        for departure in (part for outcome in outcomes for part in outcome.departures):
            entry = match(departure, law, self.subject.device, known)
            groups.setdefault((entry, "" if entry else departure.symptom), []).append(departure)
        held = [outcome.case for outcome in outcomes if outcome.holds]
        return [
            _documented(entry, found, self._shown(law, _smallest(found)))
            if entry
            else self._undocumented(law, symptom, found, held)
            for (entry, symptom), found in groups.items()
        ]

    def _undocumented(
        self, law: str, symptom: str, outcomes: list[Outcome], held: list[Case]
    ) -> Cluster:
        def like(case: Case) -> list[Outcome]:
            outcome = self.outcome(law, case)
            parts = outcome.departures if outcome else ()
            return [p for p in parts if p.symptom == symptom and not self.documented(law, p)]

        first = min((outcome.case for outcome in outcomes), key=lambda case: case.size)
        again = like(smallest(first, law, lambda case: bool(like(case)), self.profile))
        worst = again[0] if again else outcomes[0]
        return Cluster(
            cause=symptom,
            cases=_cases(outcomes),
            where=_where([outcome.case for outcome in outcomes], held),
            what=self._as_the_backend(law, worst),
            counterexample=self._shown(law, worst),
        )

    def _stale(
        self, law: str, outcomes: list[Outcome], shown: list[tuple[Divergence, Case]]
    ) -> list[Cluster]:
        """Return a cluster for each case of an entry that no longer shows it.

        What shows on some processors only may be missing on this one, and what shows in full
        precision may be within the bound of a mode that rounds factors.
        """
        if self.subject.mode in FACTORS:
            return []
        found = []
        for entry, case in ((e, c) for e, c in shown if not e.processors):
            parts = [p for o in outcomes if o.case.id == case.id for p in o.departures]
            if not any(match(part, law, self.subject.device, (entry,)) for part in parts):
                says = f"divergence {entry.id} no longer occurs: remove its entry"
                seen = Counterexample(
                    case=case.id, message=says, command=self.subject.replaying(case.id)
                )
                found.append(Cluster(cause=says, cases=1, counterexample=seen))
        return found

    def _audit(self, cell: Cell, held: list[Outcome]) -> dict[str, bool]:
        cases = [outcome.case for outcome in held]
        if cell.law not in AUDITED or not cases:
            return {}
        return audit(self.subject, cell.law, cell.dtype, cases)

    def _shown(self, law: str, outcome: Outcome) -> Counterexample:
        return Counterexample(
            case=outcome.case.id,
            message=self.subject.explained(law, outcome),
            command=self.subject.replaying(outcome.case.id),
            script=self._script(law, outcome),
            element=outcome.element,
        )

    def _script(self, law: str, outcome: Outcome) -> str:
        whole = self.subject.documented and self.subject.mode == "eager"
        if not whole or not replay_script.shows(law, outcome):
            return ""
        try:
            written = replay_script.script(self.subject, outcome.case, law, outcome)
        except (OSError, TypeError):  # the source is nowhere to be read, or was never Python
            return ""
        return written if len(written) <= SCRIPT else ""

    def _verdict(
        self,
        cell: Cell,
        op: Op,
        name: VerdictName,
        judged: Judged,
        clusters: tuple[Cluster, ...],
        start: float,
        reason: str,
    ) -> Verdict:
        outcomes = judged.outcomes
        held = [outcome for outcome in outcomes if outcome.holds]
        covered, pairs = coverage(op, cell.law, [o.case for o in outcomes])
        return Verdict(
            op=cell.op,
            law=cell.law,
            backend=cell.backend,
            version=self.subject.version,
            device=self.subject.device,
            mode=self.subject.mode,
            dtype=cell.dtype,
            verdict=name,
            cases=len(outcomes),
            compared=sum(outcome.compared for outcome in outcomes),
            undecided=sum(outcome.undecided for outcome in outcomes),
            worst_ratio=f"{max((o.ratio for o in held), default=0.0):.6g}",
            worst_ulp=f"{max((o.ulp for o in held), default=0.0):.6g}",
            histogram=_histogram(held),
            ulps=_ulps(held),
            strata=dict(Counter(outcome.case.stratum for outcome in outcomes)),
            pairs=pairs,
            pairs_covered=covered,
            audit=self._audit(cell, held),
            behaviours=dict(sorted(Counter(o.behaviour for o in outcomes if o.behaviour).items())),
            clusters=clusters,
            reason=reason,
            seconds=round(time.perf_counter() - start, 3),
        )


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


def _histogram(outcomes: Iterable[Outcome]) -> tuple[int, ...]:
    bins = Counter(min(int(outcome.ratio * BINS), BINS - 1) for outcome in outcomes)
    return tuple(bins[i] for i in range(BINS))


def _ulps(outcomes: Iterable[Outcome]) -> tuple[int, ...]:
    bins = Counter(bisect.bisect_left(ULP_BINS, outcome.ulp) for outcome in outcomes)
    return tuple(bins[i] for i in range(len(ULP_BINS) + 1))


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
