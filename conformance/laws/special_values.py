"""NaN, infinities, signed zeros, subnormals and overflow give what is exact, where it is certain.

The bounds know these: an infinity or NaN that any working implementation must return is exact, a
result that may be subnormal may be flushed to zero, one that may overflow may be infinite.
"""

from __future__ import annotations

from etalon.conformance.laws.values import judge
from etalon.spec.words import SPECIAL

STRATA = SPECIAL
NUMBERED = SHAPED = True

__all__ = ["NUMBERED", "SHAPED", "STRATA", "judge"]
