"""The subgradient that a backend returns where an op is not differentiable."""

from __future__ import annotations

from collections.abc import Iterator

from etalon.conformance.cases.case import Case
from etalon.conformance.characteristics.bench import Bench, Finding, filled
from etalon.spec.expressions import evaluate, names
from etalon.spec.model import Value

STEP = 2.0**-10
"""How far from the kink the slopes on its two sides are taken."""
BEND = 2.0**-6
"""How far apart these are where there is a kink: more than a smooth curve bends in a step."""


def subgradients(bench: Bench) -> Iterator[Finding]:
    """Measure the gradient exactly at each kink that the entry declares."""
    for kink in bench.op.kinks:
        for case in _cases(bench, kink):
            point = float(evaluate(kink, case.known))
            left, at, right = (_slope(bench, case, point, off) for off in (-STEP, 0.0, STEP))
            if abs(left - right) < BEND:
                continue
            config = "".join(f", {name}={value}" for name, value in case.config.items())
            detail = f"At x = {point:g}{config}; {left:.2g} on its left, {right:.2g} on its right."
            yield Finding(f"subgradient at x = {kink}", f"{at:.7g}", detail)
            break


def _cases(bench: Bench, kink: str) -> Iterator[Case]:
    """Yield the simplest case in which the kink has a place, then those with one other value.

    Some values of the config have no kink: ELU is smooth at 0 for an alpha of 1.
    """
    needed = names(kink) & set(bench.op.config)
    chosen = {name: _present(bench, name) for name in needed}
    yield bench.case(**chosen)
    for name in sorted(set(bench.op.config) - needed):
        for value in bench.op.config[name].values[1:]:
            yield bench.case(**chosen, **{name: value})


def _present(bench: Bench, name: str) -> Value:
    """Return the simplest value of a hyperparameter that gives the kink a place."""
    return next(value for value in bench.op.config[name].values if value is not None)


def _slope(bench: Bench, case: Case, kink: float, off: float) -> float:
    """Return the slope beside a kink; the labels of a loss stay at it."""
    labels = {name for name, tensor in case.op.inputs.items() if not tensor.differentiable}
    held = {name: value for name, value in filled(case, kink).items() if name in labels}
    return float(bench.gradient(case, {**filled(case, kink + off), **held})[0].flat[0])
