"""Which mutants take part: evenly from all ops, backends and operators, and always the same.

A mutant's rank comes from its id alone, so that a new adapter or operator moves few of the others.
"""

from __future__ import annotations

import zlib
from collections import Counter
from functools import cache

from etalon import spec
from liars.mutation import Mutant, mutants

TURNS = (*("numpy", "torch", "jax") * 3, "tensorflow")
"""Which backend's turn it is; one that has no mutant left passes."""
MOST = 12
"""How many mutants of one op take part at most."""


@cache
def selected() -> tuple[Mutant, ...]:
    """Return the mutants that take part, by op."""
    return tuple(mutant for op in spec.catalogue() for mutant in _of(op))


def _of(op: str) -> list[Mutant]:
    waiting = {backend: _ranked(backend, op) for backend in dict.fromkeys(TURNS)}
    found: list[Mutant] = []
    while len(found) < MOST and any(waiting.values()):
        for backend in TURNS:
            found += waiting[backend][:1]
            del waiting[backend][:1]
    return found[:MOST]


def _ranked(backend: str, op: str) -> list[Mutant]:
    """Return an op's mutants: the first of each operator before the second of any."""
    drawn = sorted(
        (mutant for mutant in mutants(backend) if mutant.op == op),
        key=lambda mutant: zlib.crc32(mutant.id.encode()),
    )
    turns: Counter[str] = Counter()
    ranks = []
    for mutant in drawn:
        turns[mutant.operator] += 1
        ranks.append(turns[mutant.operator])
    return [mutant for _, mutant in sorted(zip(ranks, drawn, strict=True), key=lambda r: r[0])]
