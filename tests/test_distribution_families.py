"""The families of random layers: no false alarm over many seeds, and each fault by its own test."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.cases.case import Case, parse
from etalon.conformance.judging.sampling import sample
from etalon.conformance.laws import distribution_families
from etalon.conformance.laws.statistics import normal_cdf
from etalon.conformance.subjects.subject import Subject
from etalon.spec.words import DISTRIBUTION, DTYPES

RANDOM = [
    op for op in spec.catalogue().values() if op.kind == "layers" and op.distribution is not None
]


class Wrong(Subject):
    """NumPy with another function for every op."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        super().__init__(BACKENDS["numpy"])

    def adapter(self, op: spec.Op) -> Callable[..., Any]:
        return self.function


def of(op: str, shape: str, stratum: str = "normal", **config: Any) -> Case:
    pairs = ",".join(f"{name}={value}" for name, value in config.items())
    return parse(f"layers/{op}:float32:{stratum}:x1.0:s7:{pairs},training=true,{shape}")


FLAT = "shape=32x128"
PICTURES = "data_format=channels_last,batch=32,spatial=2x3,channels=48"


@pytest.mark.parametrize("dtype", [name for name in DTYPES if name != "bfloat16"])
@pytest.mark.parametrize("op", RANDOM, ids=lambda op: op.id)
def test_the_reference_raises_no_alarm(op: spec.Op, dtype: str) -> None:
    subject = Subject(BACKENDS["numpy"])
    for seed in range(10):
        for case in sample(op, DISTRIBUTION, dtype, "smoke", seed):
            found = distribution_families.judge(subject, case)
            assert not found.symptom, (case.id, found.message)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_a_factor_may_be_off_by_what_float64_makes_of_the_rate(rate: float) -> None:
    case = parse(f"layers/alpha_dropout:float64:constant:x1.0:s7:rate={rate},training=true,{FLAT}")
    assert not distribution_families.judge(Wrong(as_keras_scales), case).symptom
    further = Wrong(lambda x, **config: as_keras_scales(x, **config) * (1 + 1e-14))
    assert distribution_families.judge(further, case).symptom


def uniform(x: Any, seed: int) -> Any:
    return np.random.default_rng(seed).random(x.shape)


def of_each_number(x: Any, *, rate: float, seed: int, **_: Any) -> Any:
    return np.where(uniform(x, seed) >= rate, x / np.float32(1 - rate), 0)


def of_all_examples(x: Any, *, rate: float, seed: int, **_: Any) -> Any:
    return np.where(uniform(x[:1, :1, :1], seed) >= rate, x / np.float32(1 - rate), 0)


def of_whole_examples(x: Any, *, rate: float, seed: int, **_: Any) -> Any:
    return np.where(uniform(x[:, :1, :1, :1], seed) >= rate, x / np.float32(1 - rate), 0)


def never_scaled(x: Any, *, rate: float, seed: int, **_: Any) -> Any:
    return np.where(uniform(x[:, :1, :1], seed) >= rate, x, 0)


def dropped_too_often(x: Any, *, rate: float, seed: int, **_: Any) -> Any:
    return np.where(uniform(x[:, :1, :1], seed) >= rate * 1.3, x / np.float32(1 - rate), 0)


def plain(x: Any, *, rate: float, seed: int, **_: Any) -> Any:
    return np.where(uniform(x, seed) >= rate, x / np.float32(1 - rate), 0)


def without_moving_back(x: Any, *, rate: float, seed: int, **_: Any) -> Any:
    return np.where(uniform(x, seed) >= rate, x, np.float32(-1.7580993408473766))


def as_keras_scales(x: Any, *, rate: float, seed: int, **_: Any) -> Any:
    """Alpha dropout with the factor and the offset that Keras makes of Python's numbers."""
    alpha = -1.6732632423543772 * 1.0507009873554805
    a = ((1 - rate) * (1 + rate * alpha**2)) ** -0.5
    return a * np.where(uniform(x, seed) >= rate, x, alpha) + -a * alpha * rate


def normal(x: Any, seed: int) -> Any:
    return np.random.default_rng(seed).standard_normal(x.shape).astype(x.dtype)


def times(x: Any, stddev: float, seed: int) -> Any:
    return x * (1 + np.float32(stddev) * normal(x, seed))


def plus(factor: float, x: Any, *, stddev: float, seed: int, **_: Any) -> Any:
    return x + np.float32(factor * stddev) * normal(x, seed)


def plus_of_two_kinds(x: Any, *, stddev: float, seed: int, **_: Any) -> Any:
    """Add numbers of which none is between −0.2 and 0.2 standard deviations."""
    noise = normal(x, seed)
    return x + np.float32(stddev) * np.copysign(np.maximum(np.abs(noise), np.float32(0.2)), noise)


def plus_far(x: Any, *, stddev: float, seed: int, **_: Any) -> Any:
    found = x + np.float32(stddev) * normal(x, seed)
    return np.where(np.arange(x.size).reshape(x.shape) == 5, x + np.float32(20 * stddev), found)


def plus_along_rows(x: Any, *, stddev: float, seed: int, **_: Any) -> Any:
    return x + np.float32(stddev) * np.repeat(normal(x[:, ::2], seed), 2, axis=1)


def swallowing(x: Any, *, stddev: float, seed: int, **_: Any) -> Any:
    return np.nan_to_num(x) + np.float32(stddev) * normal(x, seed)


@pytest.mark.parametrize(
    ("fault", "case", "symptom"),
    [
        (of_each_number, of("spatial_dropout2d", PICTURES, rate=0.5), "whole"),
        (of_all_examples, of("spatial_dropout2d", PICTURES, rate=0.5), "independence along axis 0"),
        (
            of_whole_examples,
            of("spatial_dropout2d", PICTURES, rate=0.5),
            "independence along axis 1",
        ),
        (never_scaled, of("spatial_dropout2d", PICTURES, rate=0.5), "scaling"),
        (dropped_too_often, of("spatial_dropout2d", PICTURES, rate=0.5), "kept"),
        (plain, of("alpha_dropout", FLAT, rate=0.5), "scaling"),
        (without_moving_back, of("alpha_dropout", FLAT, rate=0.5), "scaling"),
        (
            lambda x, *, rate, seed, **_: times(x, math.sqrt(rate), seed),
            of("gaussian_dropout", FLAT, rate=0.5),
            "uniform after the distribution function: spread",
        ),
        (
            lambda x, *, rate, seed, **_: times(x, 1.02 * rate / (1 - rate), seed),
            of("gaussian_dropout", FLAT, rate=0.1),
            "uniform after the distribution function: spread",
        ),
        (
            functools.partial(plus, 1.2),
            of("gaussian_noise", FLAT, stddev=0.5),
            "uniform after the distribution function: spread",
        ),
        (
            plus_of_two_kinds,
            of("gaussian_noise", FLAT, stddev=0.5),
            "uniform after the distribution function: distribution",
        ),
        (
            plus_along_rows,
            of("gaussian_noise", FLAT, stddev=0.5),
            "uniform after the distribution function: independence",
        ),
        (plus_far, of("gaussian_noise", FLAT, stddev=0.5), "support"),
        (swallowing, of("gaussian_noise", FLAT, "nan_inf", stddev=0.5), "identity"),
        (functools.partial(plus, 1.0), of("gaussian_noise", FLAT, stddev=0.0), ""),
        (lambda x, **_: 2 * x, of("gaussian_noise", FLAT, stddev=0.0), "identity"),
    ],
)
def test_a_fault_is_seen_by_its_own_test(
    fault: Callable[..., Any], case: Case, symptom: str
) -> None:
    assert distribution_families.judge(Wrong(fault), case).symptom == symptom


def test_the_normal_distribution_function_is_that_of_the_standard_library() -> None:
    z = np.concatenate([np.linspace(-12, 12, 24_001), [-np.inf, np.inf]])
    wanted = [0.5 * math.erfc(-number / math.sqrt(2)) for number in z.tolist()]
    assert np.max(np.abs(normal_cdf(z) - wanted)) <= 1e-15
    assert np.isnan(normal_cdf(np.array([np.nan, 0.0]))).tolist() == [True, False]
