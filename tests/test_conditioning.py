"""Far out, where a formula cancels, the truth and its bound say the digits that there are."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import etalon
from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.arithmetic.precision import Precision, precision
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.subjects.subject import Subject
from etalon.conformance.truths.gradients import Coordinate, gradient_truth
from liars.faults import Liar, Lying

Form = Callable[[Any], Any]
PRECISIONS = [precision("float32"), precision("float64")]


def bell(x: Any) -> Any:
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def below(x: Any) -> Any:
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


def softplus(x: Any) -> Any:
    return mpmath.log1p(mpmath.exp(x))


def gelu_by_tanh(x: Any) -> Any:
    inner = mpmath.sqrt(2 / mpmath.pi) * (x + mpf("0.044715") * x**3)
    return x / 2 * (1 + mpmath.tanh(inner))


def log_of_cosh(x: Any) -> Any:
    return mpmath.log(mpmath.cosh(x))


def selu(x: Any) -> Any:
    return mpf(1.0507009873554805) * mpf(1.6732632423543772) * mpmath.expm1(x)


TAILS: dict[str, tuple[str, dict[str, Any], Form, tuple[float, ...]]] = {
    "gelu": ("activations/gelu", {}, lambda x: x * below(x), (-3, -6.5, -9, -12)),
    "gelu by tanh": ("activations/gelu", {"approximate": True}, gelu_by_tanh, (-3, -5, -7, -9)),
    "silu": ("activations/silu", {}, lambda x: x * sigmoid(x), (-20, -80)),
    "mish": ("activations/mish", {}, lambda x: x * mpmath.tanh(softplus(x)), (-20, -80)),
    "log_cosh": ("losses/log_cosh", {}, log_of_cosh, (1e-12, -1e-3, 0.5, 0.999, 1.0, -1.5, 50)),
}
"""The op, its config, its closed form, and where that cancels if it is taken as it stands."""

SLOPES: dict[str, tuple[str, dict[str, Any], Form, tuple[float, ...]]] = {
    "elu": ("activations/elu", {}, mpmath.exp, (-1e-6, -3, -20, -50, -80)),
    "selu": ("activations/selu", {}, selu, (-20, -50, -80)),
    "gelu": ("activations/gelu", {}, lambda x: x * below(x), (-3, -6.5, -9, -12)),
    "gelu by tanh": ("activations/gelu", {"approximate": True}, gelu_by_tanh, (-3, -5, -7, 50)),
    "sigmoid": ("activations/sigmoid", {}, sigmoid, (-80, -20, 10, 20, 80)),
    "silu": ("activations/silu", {}, lambda x: x * sigmoid(x), (-80, -20, 1e3, 1e30)),
    "mish": ("activations/mish", {}, lambda x: x * mpmath.tanh(softplus(x)), (-80, 1e3)),
    "tanh": ("activations/tanh", {}, mpmath.tanh, (-40, -9, 5, 9, 40)),
    "softsign": ("activations/softsign", {}, lambda x: x / (1 + abs(x)), (-1e9, 100, 1e15)),
    "softplus": ("activations/softplus", {}, softplus, (-80, -20, 80)),
    "log_cosh": ("losses/log_cosh", {}, log_of_cosh, (1e-12, -1e-3, 0.5, 50)),
}


def case_of(op: str, working: Precision, config: dict[str, Any]) -> tuple[Case, dict[str, Any]]:
    """Return a case of one number, and the arguments that it needs beside it."""
    entry = spec.find(op)
    first: dict[str, Any] = {
        name: domain.values[0] for name, domain in {**entry.config, **entry.dims}.items()
    }
    shape: dict[str, Any] = (
        {"batch": (1,), "outputs": 1} if "batch" in entry.dims else {"shape": (1,)}
    )
    case = Case(entry, working.dtype.name, "normal", 1.0, 0, {**first, **config, **shape})
    return case, dict.fromkeys(entry.tensors)


@pytest.mark.parametrize("working", PRECISIONS, ids=lambda working: working.dtype.name)
@pytest.mark.parametrize("name", TAILS)
def test_tails_have_their_digits(name: str, working: Precision) -> None:
    op, config, form, numbers = TAILS[name]
    x = np.array(numbers, dtype=working.dtype)[:, None]
    arguments = (np.zeros_like(x), x) if op.startswith("losses/") else (x[:, 0],)
    value, bound = etalon.bound(op, *arguments, dtype=working.dtype.name, **config)
    assert near(value, bound, [form_of(form, number) for number in x[:, 0]], working)


@pytest.mark.parametrize("working", PRECISIONS, ids=lambda working: working.dtype.name)
@pytest.mark.parametrize("name", SLOPES)
def test_derivatives_have_their_digits(name: str, working: Precision) -> None:
    op, config, form, numbers = SLOPES[name]
    case, rest = case_of(op, working, config)
    for number in numbers:
        x = np.array([number], dtype=working.dtype)
        loss = op.startswith("losses/")
        given = {"y_true": np.zeros((1, 1), x.dtype), "y_pred": x[:, None]} if loss else {"x": x}
        names = ["y_pred" if loss else "x"]
        cotangents, coordinates = [np.ones(1)], [Coordinate(0, 0)]
        arguments = {**rest, **given}
        truth = gradient_truth(case, arguments, names, cotangents, coordinates, working)
        slope = functools.partial(derivative, form)
        assert near(truth.value, truth.bound, [form_of(slope, x[0])], working), number


def derivative(form: Form, x: Any) -> Any:
    """Return a central difference, in more digits than it cancels."""
    step = abs(x) * mpf(10) ** -60
    return (form(x + step) - form(x - step)) / (2 * step)


def form_of(form: Form, x: Any) -> Any:
    with mpmath.workdps(400):
        return form(mpf(float(x)))


def near(value: Any, bound: Any, exact: list[Any], working: Precision) -> bool:
    """Say whether numbers are exact ones to the truth's digits, and their bounds far narrower."""
    eps = float(np.finfo(working.truth).eps)
    off = [abs(mpf(float(y)) / z - 1) for y, z in zip(value, exact, strict=True)]
    claimed = [float(b) / abs(float(z)) for b, z in zip(bound, exact, strict=True)]
    return max(off) <= max(2000 * eps, 1e-14) and max(claimed) <= 2000 * working.unit


def vanishing(where: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the fault that the derivative is 0 in a region."""

    def plant(honest: Any) -> Any:
        @functools.wraps(honest)
        def lying(x: Any, **config: Any) -> Any:
            import torch

            return honest(torch.where(where(x), x.detach(), x), **config)

        return lying

    return plant


def cut(low: float) -> Callable[[Any], Any]:
    """Return the fault that the result is 0 below a number."""

    def plant(honest: Any) -> Any:
        @functools.wraps(honest)
        def lying(x: Any, **config: Any) -> Any:
            return np.where(x < low, 0, honest(x, **config)).astype(x.dtype)

        return lying

    return plant


def without_small_losses(honest: Any) -> Any:
    """Return the fault that a small loss is 0."""

    @functools.wraps(honest)
    def lying(*args: Any, **config: Any) -> Any:
        loss = honest(*args, **config)
        return np.where(loss < 1e-7, 0, loss).astype(loss.dtype)

    return lying


LIARS = [
    Liar("elu", "activations/elu", vanishing(lambda x: x < -20), "gradients", "torch"),
    Liar("selu", "activations/selu", vanishing(lambda x: x < -20), "gradients", "torch"),
    Liar("gelu", "activations/gelu", cut(-6)),
    Liar("log_cosh", "losses/log_cosh", without_small_losses),
]
"""Faults that are smaller than a rounding of 1."""


class Caught(Lying):
    """A backend with the fault of one test."""

    def __init__(self, fault: Liar) -> None:
        self.fault = fault
        super().__init__(BACKENDS[fault.backend])


@pytest.mark.parametrize("liar", LIARS, ids=[liar.name for liar in LIARS])
def test_what_vanishes_too_soon_is_caught(liar: Liar) -> None:
    cell = Cell(liar.backend, liar.op, liar.law, "float32")
    assert Judge(Subject(BACKENDS[liar.backend]), "full").verdict(cell).verdict != "fails"
    assert Judge(Caught(liar), "full").verdict(cell).verdict == "fails"
