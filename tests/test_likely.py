"""Likely bounds: what noise leaves is admitted, what it does not is refused, and when neither."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import etalon
from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.arithmetic.bounded import Bounded, lift
from etalon.conformance.arithmetic.noise import MODELS, Noise, drift
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import Case, parse
from etalon.conformance.judging.sampling import sample
from etalon.conformance.laws import find, likely
from etalon.conformance.laws.aggregates import together
from etalon.conformance.subjects.subject import Results, Subject
from etalon.conformance.truths.values import truth_of

Numbers = npt.NDArray[Any]
RATE = 1e-9
F32 = precision("float32")
LIKELY = F32.supposing(Noise.at(RATE))
DENSE = "layers/dense:float32:normal:x1.0:s{}:units=64,use_bias=false,batch=64x,features={}"


def factors(terms: int, seed: int = 0) -> tuple[Numbers, Numbers]:
    rng = np.random.default_rng(seed)
    x, kernel = rng.standard_normal((16, terms)), rng.standard_normal((terms, 32))
    return x.astype(np.float32), kernel.astype(np.float32)


def one_by_one(x: Numbers, kernel: Numbers) -> Numbers:
    """Add products one after another in float32: of all orders, the one that errs most."""
    total = np.zeros((len(x), kernel.shape[1]), np.float32)
    for k in range(x.shape[1]):
        total += x[:, k, None] * kernel[k]
    return total


def ratio(
    got: Numbers, x: Numbers, kernel: Numbers, rate: float | None, contract: str = "default"
) -> float:
    """Return the largest error of a product, in bounds."""
    config: Any = {"units": kernel.shape[1], "use_bias": False, "contract": contract}
    value, bound = etalon.bound("layers/dense", x, kernel, rate=rate, **config)
    return float(np.max(np.abs(got - value) / bound))


@pytest.mark.parametrize("terms", [64, 300, 1024, 4096])
def test_one_after_another_is_within_what_is_likely(terms: int) -> None:
    worst = max(ratio(one_by_one(*factors(terms, s)), *factors(terms, s), RATE) for s in range(3))
    assert 0.01 < worst < 0.6


@pytest.mark.parametrize("terms", [16, 64, 300, 1024, 4096])
def test_a_likely_bound_is_never_larger_than_a_guaranteed_one(terms: int) -> None:
    x, kernel = factors(terms)
    bounds = [
        etalon.bound("layers/dense", x, kernel, rate=rate, units=32, use_bias=False)[1]
        for rate in (None, 1e-9, 1e-3)
    ]
    assert (bounds[1] <= bounds[0]).all()
    assert (bounds[2] <= bounds[1]).all()
    assert (bounds[1] < bounds[0]).all() is np.bool_(terms > 16)


@pytest.mark.parametrize("terms", [64, 1024])
@pytest.mark.parametrize(("contract", "digits"), [("tf32", 11), ("bfloat16", 8)])
def test_the_rounding_of_factors_is_no_noise(contract: str, digits: int, terms: int) -> None:
    """All that are rounded down by nearly half a unit make a product that is off by as much."""
    x, kernel = (np.ldexp(np.ones_like(m), np.frexp(np.abs(m))[1]) for m in factors(terms))
    off = np.float32(2.0**-digits * (1 - 2.0**-10))
    got = one_by_one(x, kernel)
    given = x * (1 + off), kernel * (1 + off)
    for rate in (None, RATE):
        worst = ratio(got, *given, rate, contract)
        assert worst <= 1
    assert worst > 0.85
    assert ratio(got, *given, RATE) > 2


@pytest.mark.parametrize(("terms", "gain"), [(300, 3e-5), (4096, 5e-5), (32768, 1.2e-4)])
def test_a_gain_shows_that_a_guaranteed_bound_admits(terms: int, gain: float) -> None:
    x, kernel = factors(terms)
    wrong = (x.astype(float) @ kernel) * (1 + gain)
    assert ratio(wrong, x, kernel, RATE) > 1
    assert ratio(wrong, x, kernel, None) < 1


@pytest.mark.parametrize("number", [0.1, 1 / 3, 1e-4])
def test_where_all_terms_are_one_number_roundings_are_no_noise(number: float) -> None:
    """Each addition errs alike, as long as the sum stays between two powers of two."""
    terms = np.full(4096, number, np.float32)
    total = np.float32(0)
    for term in terms:
        total = np.float32(total + term)
    guaranteed, found = (np.sum(lift(terms, working)) for working in (F32, LIKELY))
    assert found.bound == guaranteed.bound
    assert abs(float(total) - guaranteed.value) <= guaranteed.bound


def test_terms_far_below_their_sum_are_no_noise() -> None:
    """All are rounded away: strictly one after another, the sum stays 1."""
    terms = np.concatenate([[1.0], np.full(4096, 2.0**-26)]).astype(np.float32)
    found: Any = np.sum(lift(terms, LIKELY))
    assert abs(1.0 - found.value) <= found.bound


def test_drift_is_what_equal_terms_are_off_by_and_little_of_noise() -> None:
    rng = np.random.default_rng(5)
    noise = rng.standard_normal(4096)
    unit = 2.0**-24
    assert drift(noise, 24) < 10 * unit * np.sqrt(4096 * 4096)
    assert drift(np.full(4096, 0.1), 24) > 100 * drift(noise, 24) / 4096
    assert drift(np.zeros(3), 24) == 0
    assert drift(np.array([np.inf, 1.0]), 24) == 0


def test_the_models_are_ordered() -> None:
    x, kernel = factors(1024)
    weaker, stronger = (
        lift(x, F32.supposing(Noise.at(RATE, model)))
        @ lift(kernel, F32.supposing(Noise.at(RATE, model)))
        for model in MODELS
    )
    guaranteed: Any = lift(x, F32) @ lift(kernel, F32)
    assert (stronger.bound < weaker.bound).all()
    assert (weaker.bound < guaranteed.bound).all()


@pytest.mark.parametrize("rate", [0.0, 1.0, -1e-9, 2.0])
def test_a_rate_is_a_chance(rate: float) -> None:
    with pytest.raises(ValueError, match="a rate is a chance between 0 and 1"):
        etalon.bound("activations/softmax", np.zeros(3), rate=rate)


def test_there_are_two_models() -> None:
    with pytest.raises(ValueError, match="no model is called 'none': there are roundings, order"):
        Noise(1.0, "none")
    assert round(Noise.at(1e-9).deviations, 2) == 9.18


def shown(gain: float, terms: int = 4096, seed: int = 1) -> Any:
    """Return the outcome of all numbers of a product together, off by a gain."""
    rng = np.random.default_rng(seed)
    x, kernel = (rng.standard_normal(shape) for shape in ((64, terms), (terms, 64)))
    x, kernel = x.astype(np.float32), kernel.astype(np.float32)
    workings = (F32.supposing(noise) for noise in (likely.DEVIATION, likely.NOISELESS))
    wanted, alike = (lift(x, working) @ lift(kernel, working) for working in workings)
    got = one_by_one(x, kernel).astype(float) * (1 + gain)
    return together(parse(DENSE.format(0, terms)), "y", got, wanted, alike, RATE, apart=True)


def test_numbers_together_show_a_gain_that_none_alone_does() -> None:
    assert shown(0.0).ratio < 0.7
    assert shown(2e-6).symptom == "errors have a factor in common"
    assert "y is off by a factor of" in shown(-2e-6).message


def test_numbers_together_show_errors_that_have_no_factor() -> None:
    rng = np.random.default_rng(3)
    wanted = Bounded(rng.standard_normal((600, 50)), np.full((600, 50), 1e-6), F32)
    noiseless = Bounded(wanted.value, np.zeros((600, 50)), F32)
    case = parse(DENSE.format(0, 50))
    for scale, symptom in ((0.9, ""), (1.5, "errors are larger together than noise")):
        errors = scale * 1e-6 * rng.standard_normal((600, 50))
        got = wanted.value + errors
        assert together(case, "y", got, wanted, noiseless, RATE).symptom == symptom


def test_what_is_no_noise_may_have_a_factor_in_common() -> None:
    wanted = Bounded(np.ones((600, 50)), np.full((600, 50), 1e-6), F32)
    case = parse(DENSE.format(0, 50))
    for share, symptom in ((1.0, ""), (0.1, "errors have a factor in common")):
        alike = Bounded(wanted.value, share * wanted.bound, F32)
        assert together(case, "y", wanted.value + 0.9e-6, wanted, alike, RATE).symptom == symptom


def test_of_nothing_nothing_is_said_together() -> None:
    exact = Bounded(np.ones((2, 2)), np.zeros((2, 2)), F32)
    assert together(parse(DENSE.format(0, 2)), "y", np.ones((2, 2)), exact, exact, RATE).holds


class Off(Subject):
    """NumPy, off by a gain where this says so of a case."""

    def __init__(self, gain: float, where: Any = lambda case: True) -> None:
        super().__init__(BACKENDS["numpy"])
        self.gain, self.where = gain, where

    def run(self, case: Case) -> Results:
        factor = 1 + self.gain * self.where(case)
        return tuple((part * factor).astype(part.dtype) for part in super().run(case))


def long_cases(op: str, law: str, dtype: str = "float32") -> list[Case]:
    return [case for case in sample(spec.find(op), law, dtype, "quick", 0) if case.long]


def test_what_breaks_the_law_once_and_never_again_is_chance() -> None:
    (case,) = long_cases("layers/rms_normalization", "likely")
    always = likely.judge(Off(5e-6), case)
    said = "improbable, not impossible, and so with 2 other seeds, and with its terms in another"
    assert said in always.message
    once = likely.judge(Off(5e-6, lambda other: other.seed == case.seed), case)
    assert once.holds


def test_what_errs_in_one_order_of_terms_alone_is_chance() -> None:
    (case,) = long_cases("layers/rms_normalization", "likely")
    as_drawn = Off(5e-6, lambda other: not other.permuted)
    assert likely.judge(as_drawn, case).holds
    assert likely.judge(as_drawn, replace(case, permuted=True)).holds
    assert not likely.judge(Off(5e-6), replace(case, permuted=True)).holds


def test_what_is_called_chance_has_the_ratio_of_what_was_not_off() -> None:
    (case,) = long_cases("layers/rms_normalization", "likely")
    other = likely.judge(Off(0.0), replace(case, permuted=True))
    found = likely.judge(Off(5e-6, lambda other: not other.permuted), case)
    assert 0 < found.ratio == other.ratio < 1


@pytest.mark.parametrize("factor", [0.01, 100])
def test_a_likely_bound_too_narrow_or_too_wide_is_seen(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the right ones, none is off by a hundredth; a gain of 5e-6 is not a hundred times off."""
    cases = [long_cases(op, "likely")[0] for op in ("layers/rms_normalization", "layers/dense")]
    assert all(likely.judge(Off(0.0), case).holds for case in cases)
    assert not likely.judge(Off(5e-6), cases[0]).holds
    monkeypatch.setattr(likely, "NOISE", Noise(factor * likely.NOISE.deviations))
    monkeypatch.setattr(likely, "DEVIATION", Noise(factor))
    if factor < 1:
        assert not all(likely.judge(Off(0.0), case).holds for case in cases)
    else:
        assert likely.judge(Off(5e-6), cases[0]).holds


LINEAR = [op.id for op in spec.catalogue().values() if op.long and op.linear]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("op", ["layers/dense", "layers/conv2d", "layers/einsum_dense"])
def test_integers_are_judged_bit_for_bit(op: str, dtype: str) -> None:
    (case,) = [case for case in long_cases(op, "values", dtype) if case.stratum == "integers"]
    working = precision(dtype)
    (truth,) = truth_of(case, working)
    value, bound = truth.value, truth.bound
    nearest = np.abs(value.astype(dtype).astype(float) - value)
    assert (bound == nearest).all()
    assert find("values")(Subject(BACKENDS["numpy"]), case).holds is (
        dtype == "float32" or op != "layers/einsum_dense"
    )


def test_a_unit_in_the_last_place_shows_on_integers() -> None:
    (case,) = [c for c in long_cases("layers/dense", "values") if c.stratum == "integers"]
    assert find("values")(Subject(BACKENDS["numpy"]), case).holds
    assert not find("values")(Off(1.2e-7), case).holds


@pytest.mark.parametrize("op", LINEAR)
def test_linear_ops_have_integers_among_their_long_cases(op: str) -> None:
    found = long_cases(op, "gradients")
    assert {case.stratum for case in found} == {"normal", "integers"}
    assert all(parse(case.id) == replace(case) for case in found)
