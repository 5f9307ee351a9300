"""Judge a cell: one op under one law, on one backend, device and dtype."""

from __future__ import annotations

import bisect
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial

from etalon.backends import BACKENDS
from etalon.conformance import laws
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.audit import Audit, audit
from etalon.conformance.judging.clusters import Clustering
from etalon.conformance.judging.control import Control, Retrial
from etalon.conformance.judging.divergences import Divergence, divergences, match
from etalon.conformance.judging.sampling import coverage, sample
from etalon.conformance.judging.summary import Summary, told_apart
from etalon.conformance.subjects.comparison import same_departure
from etalon.conformance.subjects.fault_place import own_error
from etalon.conformance.subjects.outcomes import CannotBeAsked, Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.reports.records import Cluster, Verdict
from etalon.spec.entry_check import InvalidEntry
from etalon.spec.model import Op
from etalon.spec.words import GRADIENTS

BINS = 10
ULP_BINS = (0, 0.5, 1, 2, 4, 8, 16, 32, 64)
"""The upper ends of the bins of errors in units in the last place; above is one more."""


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
    profile: str = "quick"
    seed: int = 0
    retrial: Retrial | None = None
    """Who judges a case that is suspected of spoiling the process in a fresh one, if there is."""

    @cached_property
    def control(self) -> Control:
        """What sees whether the process is still of use."""
        return Control(self.subject, self.retrial)

    def verdict(self, cell: Cell) -> Verdict:
        """Return the verdict of a cell; where Etalon itself fails, that says so.

        Raises:
            CannotBeAsked: the subject can't be called as its caller says.
        """
        op = self.subject.entry(cell.op)
        return self._verdict(cell, op, partial(self._summary, cell, op))

    def verdict_of(self, cell: Cell, case: Case) -> Verdict:
        """Return the verdict of a cell on one case alone."""
        return self._verdict(cell, case.op, partial(self._summary_of, cell, case))

    def _summary(self, cell: Cell, op: Op) -> Summary:
        lacking = self._lacking(cell, op)
        if lacking or self.control.spoilt:
            return Summary(lacking=lacking, spoilt=self.control.spoilt)
        clustering = self._clustering(cell, self.profile)
        shown = [
            (entry, case)
            for entry in clustering.known
            if entry.laws[0] == cell.law
            for case in entry.shown
            if (case.op.id, case.dtype) == (cell.op, cell.dtype)
        ]
        drawn = sample(op, cell.law, cell.dtype, self.profile, self.seed)
        cases = {case.id: case for case in (*drawn, *(case for _, case in shown))}
        outcomes, others = told_apart(self._outcomes(cell.law, cases.values()))
        clusters = list(clustering.clusters(outcomes))
        if not self.control.spoilt:
            clusters += clustering.stale(outcomes, shown)
        clusters.sort(key=lambda cluster: cluster.divergence is not None)
        return self._of(cell, outcomes, others, clusters)

    def _summary_of(self, cell: Cell, case: Case) -> Summary:
        outcomes, others = told_apart(self._outcomes(cell.law, [case]))
        clusters = self._clustering(cell, profile="").clusters(outcomes)
        return self._of(cell, outcomes, others, clusters)

    def _of(
        self,
        cell: Cell,
        outcomes: list[Outcome],
        others: list[Outcome],
        clusters: Iterable[Cluster],
    ) -> Summary:
        return Summary(
            outcomes,
            others,
            tuple(clusters),
            audit=self._audit(cell, outcomes),
            spoilt=self.control.spoilt,
        )

    def _clustering(self, cell: Cell, profile: str) -> Clustering:
        return Clustering(
            subject=self.subject,
            law=cell.law,
            known=self._documenting(cell.op, cell.law),
            judged=partial(self.outcome, cell.law),
            shared=partial(self._as_the_backend, cell.law),
            profile=profile,
        )

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
        return self.control.outcome(law, case)

    def documented(self, law: str, outcome: Outcome) -> Divergence | None:
        """Return the divergence that documents a departure, or ``None``."""
        known = self._documenting(outcome.case.op.id, law)
        return match(outcome, law, self.subject, known)

    def _documenting(self, op_id: str, law: str) -> tuple[Divergence, ...]:
        """Return what is documented of the subject: of somebody's own implementation, nothing."""
        return divergences(self.subject.place, op_id, law) if self.subject.documented else ()

    def _as_the_backend(self, law: str, departure: Outcome) -> Divergence | None:
        """Return what is documented of a candidate's backend, where it departs as the candidate.

        The entry has to document the departure of the candidate, and the backend to give the same
        number: an entry alone matches other faults of the same size as well.
        """
        if self.subject.documented:
            return None
        known = divergences(self.subject.place, departure.case.op.id, law)
        entry = match(departure, law, self.subject, known)
        if entry is None or self._of_the_backend.subject.adapter(departure.case.op) is None:
            return None
        own = self._of_the_backend.outcome(law, departure.case)
        same = own is not None and any(same_departure(departure, part) for part in own.departures)
        return entry if same else None

    @cached_property
    def _of_the_backend(self) -> Judge:
        """The judge of the backend whose tensors a candidate computes with."""
        subject = self.subject
        return Judge(Subject(BACKENDS[subject.name], subject.device, subject.mode))

    def _outcomes(self, law: str, cases: Iterable[Case]) -> list[Outcome]:
        found = [self.outcome(law, case) for case in cases]
        return [outcome for outcome in found if outcome is not None]

    def _audit(self, cell: Cell, outcomes: Iterable[Outcome]) -> Audit:
        held = (outcome.case for outcome in outcomes if outcome.holds)
        cases = [case for case in held if not self.control.elsewhere(cell.law, case)]
        if self.control.spoilt or not laws.marked(cell.law, "AUDITED") or not cases:
            return Audit()
        return audit(self.subject, cell.law, cell.dtype, cases)

    def _verdict(self, cell: Cell, op: Op, judged: Callable[[], Summary]) -> Verdict:
        start, summary = time.perf_counter(), _own_error_told(judged)
        outcomes, held = summary.outcomes, summary.held
        covered, pairs = coverage(op, cell.law, [o.case for o in outcomes])
        return Verdict(
            op=cell.op,
            law=cell.law,
            backend=cell.backend,
            version=self.subject.version,
            device=self.subject.device,
            mode=self.subject.mode,
            dtype=cell.dtype,
            contract=str(self.subject.precision(cell.dtype).contract),
            verdict=summary.name,
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
            audit=dict(summary.audit.caught),
            below_power=summary.audit.below_power,
            power=summary.power.certificate if summary.power else None,
            behaviours=dict(sorted(Counter(o.behaviour for o in outcomes if o.behaviour).items())),
            clusters=summary.clusters,
            reason=summary.reason,
            seconds=round(time.perf_counter() - start, 3),
        )


def _own_error_told(judged: Callable[[], Summary]) -> Summary:
    """Return what came of a cell; where Etalon itself failed, how."""
    try:
        return judged()
    except (CannotBeAsked, InvalidEntry):
        raise
    except Exception as error:  # the backend's answers end within its subject
        return Summary(own_error=own_error(error))


def _histogram(outcomes: Iterable[Outcome]) -> tuple[int, ...]:
    bins = Counter(min(int(outcome.ratio * BINS), BINS - 1) for outcome in outcomes)
    return tuple(bins[i] for i in range(BINS))


def _ulps(outcomes: Iterable[Outcome]) -> tuple[int, ...]:
    bins = Counter(bisect.bisect_left(ULP_BINS, outcome.ulp) for outcome in outcomes)
    return tuple(bins[i] for i in range(len(ULP_BINS) + 1))
