"""The outcomes of a cell, told apart by whether they judge their case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from etalon.conformance.subjects.outcomes import Outcome


@dataclass(frozen=True)
class Judged:
    """The outcomes of a cell: those that judge their case, and those of which nothing is said."""

    outcomes: list[Outcome] = field(default_factory=list)
    others: list[Outcome] = field(default_factory=list)

    @property
    def vacuous(self) -> str:
        """Why nothing was compared; nothing where something was."""
        if any(outcome.compared for outcome in self.outcomes):
            return ""
        if self.outcomes:
            return "no number of a result has a finite bound"
        reasons = Counter(
            outcome.message or "there is nothing to compare" for outcome in self.others
        )
        return reasons.most_common(1)[0][0] if reasons else "no case here is one of its own"
