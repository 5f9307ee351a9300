"""What sums are accumulated in: the tightest contract that admits what a backend answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from etalon.conformance import laws
from etalon.conformance.arithmetic import formats
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.contract import Contract
from etalon.conformance.cases.case import Case
from etalon.conformance.characteristics.bench import Bench, Finding, filled
from etalon.conformance.subjects.distance import distance
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.truths.gradients import Coordinate, gradient_truth
from etalon.spec.expressions import evaluate, names
from etalon.spec.model import Value
from etalon.spec.words import GRADIENTS, VALUES

TIGHTEST = ("default", "tensor_core", "truncated", "parts", "narrow", "tf32", "bfloat16")
"""The contracts of sums, of each dtype those with the narrower bounds first."""

STRATA = ("normal", "large_mean", "constant")
"""Sums whose terms cancel, and such that grow until a narrow accumulator stands still."""

TERMS = 64
"""How many terms a long sum has: enough to tell what it was accumulated in, and few enough for
the contract ``narrow`` to claim something in bfloat16."""

MANY = 600
"""How many ones a gradient adds up: one by one in bfloat16, they stop at 256."""


def values(bench: Bench) -> Iterator[Finding]:
    """Measure what the sums of a result are accumulated in."""
    contracts, cases = _contracts(bench), _cases(bench)
    if VALUES not in bench.op.laws or not cases:
        return

    def ratio(contract: str) -> float:
        return _judged(bench, cases[0], contract).ratio

    def admits(contract: str) -> bool:
        return all(_judged(bench, case, contract).holds for case in cases)

    if ratio(contracts[0]) != ratio(contracts[-1]):  # else the call has no sum
        tried = f"{len(cases)} calls of sums of {TERMS} terms and of one"
        yield _finding(bench, "sums", contracts, admits, tried)


def gradients(bench: Bench) -> Iterator[Finding]:
    """Measure what the gradient of a sum over many examples is accumulated in.

    All terms are ones. Nothing is measured in a dtype that holds each of their sums.
    """
    exact = 2 ** formats.find(bench.dtype).digits >= MANY
    if exact or GRADIENTS not in bench.op.laws or not bench.subject.differentiates:
        return
    contracts, asked = _contracts(bench), _Gradient(bench)
    ends = [asked.truth(contract).bound for contract in (contracts[0], contracts[-1])]
    if asked.names and not np.array_equal(ends[0], ends[1]):
        tried = f"the gradients of {MANY} examples, all ones"
        yield _finding(bench, "sums of gradients", contracts, asked.admits, tried)


class _Gradient:
    """The gradient of a call with many examples, at the middle of each array.

    Raises:
        Refused: the backend does not answer, or does not differentiate this.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench, self.case = bench, _widened(bench, 1, MANY)
        self.arguments = filled(self.case, 1.0)
        given = ((n, t) for n, t in bench.op.tensors.items() if t.differentiable and not t.dtype)
        self.names = tuple(n for n, _ in given if isinstance(self.arguments[n], np.ndarray))
        results = bench.subject.answer(self.case, self.arguments)
        pairs = zip(results, bench.op.outputs.values(), strict=True)
        self.slopes = [np.ones_like(r) for r, tensor in pairs if not tensor.dtype]
        found = bench.subject.gradients(self.case, self.arguments, self.names, self.slopes)
        self.middle = [Coordinate(leaf, part.size // 2) for leaf, part in enumerate(found)]
        numbers = (part.ravel()[p.index] for part, p in zip(found, self.middle, strict=True))
        self.got = np.array([float(number) for number in numbers])

    def truth(self, contract: str) -> Bounded:
        """Return the gradient and its bounds by a contract."""
        working = self.bench.subject.under(contract).precision(self.bench.dtype)
        wide = [np.asarray(array, dtype=np.float64) for array in self.slopes]
        return gradient_truth(self.case, self.arguments, self.names, wide, self.middle, working)

    def admits(self, contract: str) -> bool:
        """Return whether a contract admits what the backend answers."""
        return distance(self.got, self.truth(contract)).right


def _finding(
    bench: Bench, name: str, contracts: list[str], admits: Callable[[str], bool], tried: str
) -> Finding:
    """Return the first of the contracts that admits what was answered."""
    contract = next(filter(admits, contracts), "")
    said = f"{contract}: {_contract(bench, contract)}" if contract else "by no contract"
    detail = f"The first contract that admits {tried}, of {', '.join(contracts)}."
    return Finding(name, said, detail)


def _contracts(bench: Bench) -> list[str]:
    """Return the contracts that the dtype has in its mode, those that say the same once."""
    found: dict[Contract, str] = {}
    for name in TIGHTEST:
        with suppress(ValueError):  # factors of this dtype are not rounded so
            found.setdefault(_contract(bench, name), name)
    return list(found.values())


def _contract(bench: Bench, name: str) -> Contract:
    return bench.subject.under(name).precision(bench.dtype).contract


def _judged(bench: Bench, case: Case, contract: str) -> Outcome:
    return laws.find(VALUES)(bench.subject.under(contract), case)


def _cases(bench: Bench) -> list[Case]:
    """Return calls of long sums, and of one term, which tells what factors are rounded to."""
    strata = [stratum for stratum in STRATA if stratum in bench.op.strata]
    long, short = (_widened(bench, terms) for terms in (TERMS, 1))
    pairs = [(long, stratum) for stratum in strata] + [(short, name) for name in strata[:1]]
    return [replace(case, stratum=stratum) for case, stratum in pairs]


def _widened(bench: Bench, terms: int, batch: int = 9) -> Case:
    """Return the simplest case with so many examples, and sums of so many terms if it has any.

    What the constraints of the op forbid is left as it is.
    """
    chosen: dict[str, Value] = {}
    for more in _longer(bench.case().known, terms, batch):
        if _valid(bench.case(**{**chosen, **more})):
            chosen |= more
    return bench.case(**chosen)


def _longer(simplest: Mapping[str, Any], terms: int, many: int) -> Iterator[dict[str, Value]]:
    """Yield what makes a call larger, each choice alone."""
    rank, batch = len(simplest.get("spatial", ())), simplest.get("batch", ())
    window = (round(terms ** (1 / max(rank, 1))),) * rank
    shape, rest = simplest.get("shape", ()), simplest.get("rest", ())
    yield {"training": True}
    yield {"batch": (many, *batch[1:]) if isinstance(batch, tuple) else many}
    if "pool_size" in simplest:
        yield {"pool_size": window, "strides": window, "spatial": window}
    yield {"kernel_size": (min(terms, 3),) * rank, "spatial": (min(terms, 5),) * rank}
    if not simplest.keys() & {"pool_size", "kernel_size"}:
        yield {"spatial": window}
    yield {"shape": (*(many for _ in shape[1:]), terms)}
    yield {"rest": (*(3 for _ in rest[1:]), terms)}
    for name in ("features", "outputs", "inner", "source", "depth"):
        yield {name: terms}
    for name, length in {"filters": 5, "units": 9, "input_dim": 3, "output_dim": 5}.items():
        yield {name: length}
    yield {"channels": min(terms, 9)}


def _valid(case: Case) -> bool:
    known = case.known
    rules = (constraint.rule for constraint in case.op.constraints)
    return all(evaluate(rule, known) for rule in rules if rule and names(rule) <= known.keys())
