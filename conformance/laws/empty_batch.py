"""A batch without examples is a batch: its result is empty, or what a sum of nothing is."""

from __future__ import annotations

from etalon.conformance.laws.values import judge
from etalon.spec.words import EMPTY_BATCH

STRATA = (EMPTY_BATCH,)
NUMBERED = SHAPED = True

__all__ = ["NUMBERED", "SHAPED", "STRATA", "judge"]
