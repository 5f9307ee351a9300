"""How good the bounds are: what right backends reach of them, and which faults they notice.

A bound that nobody gets near would let errors pass. The power says which are noticed; the audit
plants small ones into right results and says whether they were caught.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from etalon.reports.certificates import Certificate
from etalon.reports.matrix import in_order, place
from etalon.reports.records import Verdict
from etalon.spec.words import REDUCED

LOOSE = 0.02
"""A bound of which all right backends reach less than this is too wide."""


@dataclass(frozen=True)
class Quality:
    """What is known of the bound of one op under one law in one dtype."""

    ratio: float
    """The largest error / bound among the conforming cases of all backends."""
    backend: str
    """The backend that reached it."""
    caught: tuple[str, ...]
    """The planted faults that were caught on every backend that conforms."""
    missed: tuple[str, ...]
    """Those that passed on one of them at least, though they are not below its power."""
    below_power: tuple[str, ...]
    """Those that passed on one of them at least, and are smaller than its power promises."""
    power: Certificate | None
    """The power of the verdict among these that notices least; old records have none."""

    @property
    def exact(self) -> bool:
        """Whether any error at all is beyond the bound, as where numbers are only moved."""
        return self.ratio == 0 and not (self.missed or self.below_power)

    @property
    def loose(self) -> bool:
        """Whether nobody comes near the bound, though it allows errors."""
        return self.ratio < LOOSE and not self.exact


@dataclass(frozen=True)
class Row:
    """One op under one law, with the quality of its bound by dtype."""

    op: str
    law: str
    by_dtype: dict[str, Quality]


@dataclass(frozen=True)
class Bounds:
    """The quality of all bounds."""

    dtypes: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def qualities(self) -> list[Quality]:
        """All of them."""
        return [quality for row in self.rows for quality in row.by_dtype.values()]


def bounds(verdicts: Iterable[Verdict]) -> Bounds:
    """Return the quality of the bounds that verdicts with an audit tell of.

    Where some backends conform in all cases, theirs count: of others there may be few right ones.
    The wider bounds of modes that round factors count only where there are no others.
    """
    audited = [verdict for verdict in verdicts if verdict.audit]
    full = [verdict for verdict in audited if verdict.mode not in REDUCED]
    grouped: dict[tuple[str, str], dict[str, list[Verdict]]] = {}
    for verdict in full or audited:
        row = grouped.setdefault((verdict.op, verdict.law), {})
        row.setdefault(verdict.dtype, []).append(verdict)
    rows = tuple(
        Row(op, law, {dtype: _quality(found) for dtype, found in sorted(by_dtype.items())})
        for (op, law), by_dtype in sorted(grouped.items(), key=lambda item: place(item[0][0]))
    )
    return Bounds(tuple(in_order(dtype for row in rows for dtype in row.by_dtype)), rows)


def _quality(found: list[Verdict]) -> Quality:
    right = [verdict for verdict in found if verdict.verdict == "conforms"] or found
    best = max(right, key=lambda verdict: float(verdict.worst_ratio))
    names = dict.fromkeys(name for verdict in right for name in verdict.audit)
    below = {name for verdict in right for name in verdict.below_power}
    passed = {name for name in names for v in right if not v.audit.get(name, True)}
    missed = {
        name
        for name in names
        for v in right
        if not v.audit.get(name, True) and name not in v.below_power
    }
    certified = [verdict.power for verdict in right if verdict.power]
    return Quality(
        ratio=float(best.worst_ratio),
        backend=best.backend,
        caught=tuple(name for name in names if name not in passed),
        missed=tuple(name for name in names if name in missed),
        below_power=tuple(name for name in names if name in below - missed),
        power=max(certified, key=lambda power: float(power.gain), default=None),
    )
