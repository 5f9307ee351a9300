"""Long sums, and their gradients, are as near the exact ones as noise leaves them.

A bound that is guaranteed supposes that all roundings err the same way. This law supposes that they
are zero on average, by the models of :mod:`etalon.conformance.arithmetic.noise`: each number is
within its likely bound, and so are two figures of all numbers of a result together,

- the root of the mean of their squared errors, each in standard deviations,
- the slope of the errors over the values: a factor that all have in common.

What is beyond a guaranteed bound is for the other laws to say. What breaks this one is improbable,
not impossible: of right runs, a share of :data:`RATE` breaks it by chance. So a case counts only
where all that it is judged again by break it as well:

- other seeds, which an accident of these values does not survive;
- its own numbers with the terms of their sums in another order, which an accident of this order
  does not survive: the models suppose that the order has nothing to do with the values.

A fault of the formula, a factor or a sum that is too coarse, survives both. That all of them have
to break the law makes a false alarm rarer, never more frequent, whatever they have in common. It
costs faults so small that some of these cases do not show them, and those of one order alone: they
are within what the guaranteed bound says, and no more is claimed about them. The ratio of a case
that is called chance is that of the one that did not break the law.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from etalon.conformance.arithmetic.noise import Noise
from etalon.conformance.arithmetic.precision import Precision
from etalon.conformance.cases.case import Case
from etalon.conformance.laws import gradients
from etalon.conformance.laws.aggregates import together
from etalon.conformance.subjects.comparison import compare, misshapen, worst_of
from etalon.conformance.subjects.outcomes import Outcome, unjudged
from etalon.conformance.subjects.subject import Refused, Results, Subject
from etalon.conformance.truths.values import truth_of
from etalon.spec.expressions import evaluate

LONG = True
RATE = 1e-9
"""The chance that a run whose roundings are noise breaks the law."""
NOISE = Noise.at(RATE)
DEVIATION = Noise(1.0)
"""What makes bounds standard deviations, or somewhat more."""
NOISELESS = Noise(0.0)
"""What leaves of bounds what is no noise."""
AGAIN = (1, 2)
"""What is added to the seed of a case that breaks the law, each time it is judged again."""
STRATA = ("normal",)


def concerns(case: Case) -> bool:
    """Say whether the sums of a case are long: where they are short, no other bound is smaller."""
    return case.long


def judge(subject: Subject, case: Case) -> Outcome:
    """Compare values and gradients with the truth; what breaks the law is judged again."""
    found = _judged(subject, case)
    if found.holds:
        return found
    for again in _again(case):
        other = _judged(subject, again)
        if other.holds and other.judges:
            return replace(
                found, symptom="", message="", element=None, others=(), ratio=other.ratio
            )
    how = f"{len(AGAIN)} other seeds, and with its terms in another order"
    said = f"{found.message}: improbable, not impossible, and so with {how}"
    return replace(found, message=said)


def _again(case: Case) -> tuple[Case, ...]:
    """Return the cases by which one that breaks the law is judged again."""
    fresh = (replace(case, seed=case.seed + more) for more in AGAIN)
    return *fresh, replace(case, permuted=not case.permuted)


def _judged(subject: Subject, case: Case) -> Outcome:
    try:
        results = subject.run(case)
    except Refused:
        return unjudged(case, "the call was not answered: that is for the law of values to say")
    working = subject.precision(case.dtype)
    guaranteed, truth = (truth_of(case, each) for each in (working, working.supposing(NOISE)))
    if misshapen(case, results, truth):
        return unjudged(case, "the results have another shape: that is for another law to say")
    parts = [compare(case, results, truth), *_together(case, results, working)]
    certain = [compare(case, results, guaranteed)]
    if case.op.differentiable and subject.differentiates:
        parts.append(gradients.judged(subject, case, working.supposing(NOISE)))
        certain.append(gradients.judged(subject, case, working))
    if not all(part.holds for part in certain):
        return unjudged(case, "what is certainly wrong is for other laws to say")
    return worst_of(parts)


def _together(case: Case, results: Results, working: Precision) -> Iterable[Outcome]:
    """Yield what the numbers of each result are together, beside their standard deviations."""
    op = case.op
    noisy, alike = (truth_of(case, working.supposing(n)) for n in (DEVIATION, NOISELESS))
    apart = bool(op.weights and op.linear) and bool(evaluate(op.linear, case.known))
    parts = zip(op.outputs.items(), results, noisy, alike, strict=True)
    for (name, tensor), got, wanted, common in parts:
        if not tensor.dtype:
            yield together(case, name, got, wanted, common, RATE, apart=apart)
