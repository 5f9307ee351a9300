"""What came of a cell, before it becomes a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from etalon.conformance.judging.audit import Audit
from etalon.conformance.judging.control import SPOILS
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.power import Power, together
from etalon.reports.records import OWN_ERROR, Cluster, VerdictName


@dataclass(frozen=True)
class Summary:
    """The outcomes of a cell, its departures by cause, and what kept it from being judged.

    ``outcomes`` are those that judge their case, ``others`` those that say nothing of it.
    ``lacking`` says what the backend lacks, ``spoilt`` since when the process is of no more use,
    ``own_error`` how Etalon itself failed.
    """

    outcomes: Sequence[Outcome] = ()
    others: Sequence[Outcome] = ()
    clusters: tuple[Cluster, ...] = ()
    audit: Audit = field(default_factory=Audit)
    lacking: str = ""
    spoilt: str = ""
    own_error: str = ""

    @property
    def name(self) -> VerdictName:
        """The verdict, in a word."""
        if self.own_error or self._crashed:
            return "crashed"
        if self.lacking:
            return "unsupported"
        if any(cluster.divergence is None for cluster in self.clusters):
            return "fails"
        if self.audit.missed:
            return "crashed"
        if self.clusters:
            return "diverges"
        if (self.spoilt and not self.outcomes) or self._vacuous:
            return "skipped"
        return "nothing claimed" if self._unclaimed else "conforms"

    @property
    def reason(self) -> str:
        """Why nothing was judged, or not all, or what crashed."""
        if self.own_error or self.lacking:
            return self.own_error or self.lacking
        crashed = next((f"{SPOILS}: {c.counterexample.message}" for c in self._crashed), "")
        empty = "" if self.clusters or self.spoilt else self._vacuous or self._unclaimed
        return "; ".join(filter(None, (self._missed, crashed, self.spoilt, empty)))

    @property
    def held(self) -> list[Outcome]:
        """The outcomes of the cases in which the law holds."""
        return [outcome for outcome in self.outcomes if outcome.holds]

    @cached_property
    def power(self) -> Power | None:
        """The power of the cases in which the law holds; ``None`` where no bound was asked."""
        return together(outcome.power for outcome in self.held)

    @property
    def _missed(self) -> str:
        """Which planted faults passed though the power promises that they are noticed."""
        if not self.audit.missed:
            return ""
        gain = f"{self.power.least:.2g}" if self.power else "none"
        named = ", ".join(self.audit.missed)
        return (
            f"{OWN_ERROR}: planted faults pass unnoticed, though bound / value is {gain}: {named}"
        )

    @property
    def _unclaimed(self) -> str:
        """Of how many numbers nothing is claimed, where it is most of them; else nothing."""
        if self.power is None or not self.power.claims_nothing:
            return ""
        open_, all_ = self.power.unclaimed, self.power.numbers
        return f"any finite answer is right for {open_} of {all_} numbers"

    @property
    def _crashed(self) -> list[Cluster]:
        """The undocumented departures after which the process was of no more use."""
        found = (cluster for cluster in self.clusters if cluster.divergence is None)
        return [cluster for cluster in found if cluster.cause == SPOILS]

    @property
    def _vacuous(self) -> str:
        """Why nothing was compared; nothing where something was."""
        if self.outcomes:
            return ""
        reasons = Counter(other.message or "there is nothing to compare" for other in self.others)
        return reasons.most_common(1)[0][0] if reasons else "no case here is one of its own"


def told_apart(outcomes: Iterable[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Return the outcomes that judge their case, and those that say nothing of it."""
    found = list(outcomes)
    return [o for o in found if o.judges], [o for o in found if not o.judges]
