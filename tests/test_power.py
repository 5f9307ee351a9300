"""The power of a verdict: exactly the fault that it promises is noticed, and half of it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance import laws
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import Argument, Case
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.sampling import sample
from etalon.conformance.judging.summary import Summary
from etalon.conformance.laws import gradients
from etalon.conformance.subjects.comparison import compare_numbers
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.power import Power, power, together
from etalon.conformance.subjects.subject import Results, Subject
from etalon.conformance.truths.values import truth_of
from etalon.spec.words import GRADIENTS, TRANSLATION, VALUES

DTYPES = ("float32", "float64", "float16", "bfloat16")
OPS = (
    "activations/elu",
    "activations/softmax",
    "layers/dense",
    "layers/conv2d",
    "layers/layer_normalization",
    "layers/lstm",
    "layers/max_pooling2d",
    "losses/mean_squared_error",
)
ABOVE, HALF = 1.01, 0.5
INF = float("inf")
F32 = precision("float32")
LARGEST = F32.largest
U = 2.0**-24
"""The unit roundoff of float32: half of its step at 1."""

Plant = Callable[[Bounded], Any]
"""Makes an answer of what is wanted, before it is rounded to the format."""


class Truthful(Subject):
    """NumPy, answering the truth itself with a fault that a test plants."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        super().__init__(BACKENDS["numpy"])

    def run(self, case: Case) -> Results:
        """Return the planted truth."""
        truth = truth_of(case, self.precision(case.dtype))
        return tuple(part.precision.rounded(self.plant(part)) for part in truth)


def rounded(wanted: Bounded) -> Any:
    """Return where numbers may be rounded and can't overflow."""
    reach = np.abs(wanted.value) + wanted.bound
    return (wanted.bound > 0) & (reach <= wanted.precision.largest)


def gained(gain: float) -> Plant:
    def plant(wanted: Bounded) -> Any:
        factor = 1 + np.longdouble(gain)
        return np.where(rounded(wanted), wanted.value * factor, wanted.value)

    return plant


def shifted(shift: float, index: int) -> Plant:
    """Shift one of the numbers that may be rounded, by a share of the largest magnitude."""

    def plant(wanted: Bounded) -> Any:
        planted = wanted.value.copy()
        reach = np.abs(wanted.value) + wanted.bound
        top = np.abs(wanted.value[reach <= wanted.precision.largest]).max()
        place = np.flatnonzero(rounded(wanted))[index]
        away = np.copysign(shift * top, planted.reshape(-1)[place])
        planted.reshape(-1)[place] += away
        return planted

    return plant


def dropping(share: float) -> Plant:
    """Sum a share less of a million equal terms, whose sum is the truth."""

    def plant(wanted: Bounded) -> Any:
        terms = 1_000_000
        kept = terms - round(share * terms)  # so a share of a millionth is the least there is
        return np.where(rounded(wanted), wanted.value / terms * kept, wanted.value)

    return plant


def judged(case: Case, law: str, plant: Plant) -> Outcome:
    return laws.find(law)(Truthful(plant), case)


def cases(op: str, law: str, dtype: str) -> Iterator[Case]:
    return iter(sample(spec.find(op), law, dtype, "quick", seed=1)[:6])


def certified(outcome: Outcome) -> Power:
    assert outcome.holds
    assert outcome.power is not None
    return outcome.power


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("op", OPS)
def test_exactly_the_certified_fault_is_noticed_and_half_of_it_is_not(op: str, dtype: str) -> None:
    told = 0
    for case in cases(op, VALUES, dtype):
        found = certified(judged(case, VALUES, gained(0)))
        if np.isfinite(found.gain):
            told += 1
            assert not judged(case, VALUES, gained(ABOVE * found.gain)).holds
            assert judged(case, VALUES, gained(HALF * found.gain)).holds
        if 1e-4 < found.dropped <= 0.9:
            assert not judged(case, VALUES, dropping(ABOVE * found.dropped)).holds
            assert judged(case, VALUES, dropping(HALF * found.dropped)).holds
    assert told or op == "layers/max_pooling2d"  # which chooses: its numbers are exact


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("op", OPS)
def test_a_shift_is_noticed_whichever_number_it_is(op: str, dtype: str) -> None:
    for case in cases(op, VALUES, dtype):
        found = certified(judged(case, VALUES, gained(0)))
        (wanted, *others) = truth_of(case, precision(dtype))
        if others or not np.isfinite(found.shift):
            continue
        numbers = range(np.count_nonzero(rounded(wanted)))
        above, half = ABOVE * found.shift, HALF * found.shift
        assert not any(judged(case, VALUES, shifted(above, number)).holds for number in numbers)
        assert any(judged(case, VALUES, shifted(half, number)).holds for number in numbers)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("op", ["activations/elu", "layers/dense", "layers/layer_normalization"])
def test_the_power_of_gradients_is_what_it_says(
    op: str, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison of gradients is given the planted truth, which is known where it is asked."""
    plant: Plant = gained(0)

    def planted(
        case: Case, name: str, got: Any, truth: Bounded, indices: Sequence[Any] | None = None
    ) -> Outcome:
        answer = truth.precision.rounded(np.asarray(plant(truth)))
        return compare_numbers(case, name, answer, truth, indices)

    class Zero(Subject):
        def gradients(self, case: Case, arguments: Mapping[str, Argument], *rest: Any) -> Results:
            """Return zeros, for the truth to be put in their place."""
            asked = gradients._question(case)
            return tuple(np.zeros(leaf.shape, case.dtype) for _, leaf in asked.leaves)

        def run(self, case: Case) -> Results:
            """Return the truth, whose shapes are asked for."""
            return tuple(t.value for t in truth_of(case, self.precision(case.dtype)))

    monkeypatch.setattr(gradients, "compare_numbers", planted)
    subject, told = Zero(BACKENDS["numpy"]), 0
    for case in cases(op, GRADIENTS, dtype):
        plant = gained(0)
        found = certified(gradients.judge(subject, case))
        if not np.isfinite(found.gain):
            continue
        told += 1
        plant = gained(ABOVE * found.gain)
        assert not gradients.judge(subject, case).holds
        plant = gained(HALF * found.gain)
        assert gradients.judge(subject, case).holds
    assert told


def test_laws_of_two_calls_have_a_power_too() -> None:
    cell = Cell("numpy", "layers/conv2d", TRANSLATION, "float32")
    found = Judge(Subject(BACKENDS["numpy"]), "smoke").verdict(cell)
    assert found.power is not None
    assert 0 < float(found.power.gain) < 1e-4


@pytest.mark.parametrize(
    ("value", "bound", "wanted"),
    [
        ([2.0, 4.0], [0.5, 0.5], {"gain": 0.125 + U, "shift": 0.125 + U, "least": 0.125}),
        ([2.0, 4.0], [0.0, 0.5], {"gain": 0.125 + U, "least": 0.0, "exact": 1}),
        ([0.0, 4.0], [0.0, 0.0], {"gain": INF, "shift": INF, "least": 0.0, "exact": 2}),
        ([0.0], [0.5], {"gain": INF, "shift": INF, "least": INF, "insignificant": 0}),
        ([1.0], [1.5], {"gain": 1.5 + 2 * U, "dropped": INF, "insignificant": 1, "unclaimed": 0}),
        ([1.0], [1.0], {"gain": 1 + 2 * U, "dropped": INF}),
        ([1.0], [0.625], {"gain": 0.625 + U, "dropped": 0.625 + U / 4}),
        ([1.0], [INF], {"gain": INF, "unclaimed": 1, "insignificant": 0}),
        ([1.0], [4e38], {"gain": INF, "unclaimed": 1}),
        ([1.0], [3e38], {"unclaimed": 0}),
        ([1e39], [1e32], {"gain": INF, "unclaimed": 0}),
        ([INF], [0.0], {"gain": INF, "unclaimed": 0, "exact": 1}),
        ([np.nan], [0.0], {"unclaimed": 0, "exact": 1}),
        ([np.nan], [INF], {"unclaimed": 1}),
        ([], [], {"numbers": 0, "gain": INF, "shift": INF}),
    ],
)
def test_what_is_claimed_of_numbers(
    value: list[float], bound: list[float], wanted: dict[str, float]
) -> None:
    found = power(np.array(value), np.array(bound), F32)
    assert {name: getattr(found, name) for name in wanted} == wanted


def test_where_any_finite_answer_is_right_nothing_is_claimed() -> None:
    """The definition, held against the comparison itself."""
    case = next(cases("activations/elu", VALUES, "float32"))
    working = precision("float32")
    for value, bound in [(1.0, INF), (1.0, 4e38), (1.0, 3e38), (1e39, 1e32), (1e39, INF)]:
        truth = Bounded(np.array([value]), np.array([bound]), working)
        answers = (-LARGEST, -1.0, 0.0, 1.0, LARGEST)
        right = [compare_numbers(case, "y", np.array([a]), truth).holds for a in answers]
        found = power(truth.value, truth.bound, working)
        assert bool(found.unclaimed) == all(right)


def test_the_power_of_several_comparisons_is_that_of_the_best() -> None:
    both = together(
        [
            Power(numbers=3, unclaimed=2, gain=0.5, shift=0.1, least=0.5, gains={8: 0.5}),
            None,
            Power(numbers=2, exact=1, gain=0.25, shift=0.2, least=0.0, gains={8: 0.25, 16: 1}),
        ]
    )
    assert both == Power(
        numbers=5, unclaimed=2, exact=1, gain=0.25, shift=0.1, least=0, gains={8: 0.25, 16: 1}
    )
    assert together([None]) is None


def test_an_exact_cell_notices_everything() -> None:
    found = Power(numbers=4, exact=4).certificate
    assert (found.gain, found.shift, found.dropped) == ("0", "0", "0")
    nothing = Power(numbers=4, unclaimed=4).certificate
    assert (nothing.gain, nothing.dropped, nothing.share) == ("inf", "inf", 1.0)


def outcome(**changes: Any) -> Outcome:
    case = next(cases("activations/elu", VALUES, "float32"))
    return Outcome(case=case, compared=1, power=Power(**changes))


@pytest.mark.parametrize(
    ("unclaimed", "name"), [(0, "conforms"), (4, "conforms"), (5, "nothing claimed")]
)
def test_a_cell_of_which_most_numbers_claim_nothing_does_not_conform(
    unclaimed: int, name: str
) -> None:
    summary = Summary([outcome(numbers=4), outcome(numbers=4, unclaimed=unclaimed)])
    assert summary.name == name
    assert bool(summary.reason) == (name == "nothing claimed")
    if summary.reason:
        assert summary.reason == "any finite answer is right for 5 of 8 numbers"
