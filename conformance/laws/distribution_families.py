"""The law of distribution: each family of distributions with its tests."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from etalon.conformance.arithmetic.bounded import Bounded, lift
from etalon.conformance.arithmetic.precision import Float, Precision, precision
from etalon.conformance.cases.case import Case
from etalon.conformance.laws.statistics import (
    Test,
    neighbours,
    normal_cdf,
    successes,
    uniform,
)
from etalon.conformance.subjects.distance import distance
from etalon.conformance.subjects.outcomes import Outcome
from etalon.conformance.subjects.subject import Subject
from etalon.spec.expressions import evaluate

CUT = 2.0
"""At how many standard deviations normal numbers are truncated."""
MATRICES = 64
"""How many random matrices one case of the orthogonal family draws."""
FAR = 9.0
"""Beyond how many standard deviations none of 40,000 normal numbers lies, but for 1 in 1e14."""
CLEAR = 2.0**-5
"""How far off, in standard deviations, a number may be to be taken for a normal one.

Rounding may then hide the sign of one in 80 of them; by how much more often two signs agree for
that is its square, which no test of these sizes sees.
"""


def judge(subject: Subject, case: Case) -> Outcome:
    """Return the outcome of a case of a random op: its worst test."""
    assert case.op.distribution is not None
    family = case.op.distribution.family
    tests, compared = FAMILIES[str(case.known.get(family, family))](subject, case)
    worst = max(tests, key=_severity)
    broken = _severity(worst) > 1
    return Outcome(
        case=case,
        symptom=worst.name if broken else "",
        message=f"{worst.says} (statistic / bound {worst.ratio:.3g})" if broken else "",
        ratio=_severity(worst),
        compared=compared,
    )


def _severity(test: Test) -> float:
    """Return the ratio of a test; infinite where NaN among the numbers made it NaN."""
    return np.inf if np.isnan(test.ratio) else test.ratio


def _parameter(case: Case, name: str) -> float:
    assert case.op.distribution is not None
    return float(evaluate(case.op.distribution.parameters[name], case.known))


def _truncated_normal(subject: Subject, case: Case) -> tuple[list[Test], int]:
    scale, center = _parameter(case, "scale"), _parameter(case, "center")
    working = subject.precision(case.dtype)
    x = subject.run(case)[0].astype(np.float64)
    z = (x - center) / scale
    edge = CUT + float(working.accumulated(4)) * (CUT + abs(center) / scale)
    outside = int(z.size - (np.abs(z) <= edge).sum())
    says = f"support: {outside} of {z.size} numbers beyond ± {CUT} standard deviations"
    support = Test("support", np.inf if outside else 0.0, says)
    low, high = normal_cdf(np.array([-CUT, CUT]))
    u = np.clip((normal_cdf(z) - low) / (high - low), 0, 1)
    slack = _slack(working, center / scale) / (high - low)
    return [support, *uniform("uniform after the distribution function", u, slack)], z.size


def _untruncated_normal(subject: Subject, case: Case) -> tuple[list[Test], int]:
    stddev, center = _parameter(case, "stddev"), _parameter(case, "center")
    z = (subject.run(case)[0].astype(np.float64) - center) / stddev
    slack = _slack(subject.precision(case.dtype), center / stddev)
    return uniform("uniform after the distribution function", normal_cdf(z), slack), z.size


def _slack(working: Precision, center: float) -> float:
    """Return how far rounding moves the distribution function of ``center + z``.

    A rounded number is off by at most ``unit * |center + z|``; the density is at most 1 / √2π, and
    z times the density is largest at 1. Around a center other than 0 there are two roundings more.
    """
    off = math.exp(-0.5) + abs(center) * 3 + (2 * math.exp(-0.5) if center else 0)
    return working.unit * off / math.sqrt(2 * math.pi)


def _uniform(subject: Subject, case: Case) -> tuple[list[Test], int]:
    low, high = _parameter(case, "low"), _parameter(case, "high")
    x = subject.run(case)[0].astype(np.float64)
    working = subject.precision(case.dtype)
    slack = float(working.accumulated(4)) * max(abs(low), abs(high)) / (high - low)
    u = (x - low) / (high - low)
    outside = int(u.size - ((u >= -slack) & (u <= 1 + slack)).sum())
    says = f"support: {outside} of {u.size} numbers are not between {low:.6g} and {high:.6g}"
    support = Test("support", np.inf if outside else 0.0, says)
    return [support, *uniform("uniform", np.clip(u, 0, 1), slack)], u.size


def _dropout(subject: Subject, case: Case) -> tuple[list[Test], int]:
    return _kept_or_gone(subject, case, _scaled(case, subject.precision(case.dtype)), 0.0)


def _spatial_dropout(subject: Subject, case: Case) -> tuple[list[Test], int]:
    axes = subject.run(case)[0].ndim
    first = case.known.get("data_format") == "channels_first"
    whole = tuple(range(2, axes)) if first else tuple(range(1, axes - 1))
    return _kept_or_gone(subject, case, _scaled(case, subject.precision(case.dtype)), 0.0, whole)


def _scaled(case: Case, working: Precision) -> Bounded:
    """Return what dropout makes of the numbers that it keeps."""
    keep = _parameter(case, "keep")
    x: Bounded = lift(case.arguments()["x"], working)
    if keep == 1:
        return x
    with np.errstate(all="ignore"):
        scaled: Bounded = x * (1 / lift(keep, x.precision))
    return scaled


def _alpha_dropout(subject: Subject, case: Case) -> tuple[list[Test], int]:
    keep, alpha = _parameter(case, "keep"), _parameter(case, "alpha")
    x = lift(case.arguments()["x"], subject.precision(case.dtype))
    if keep == 1:
        return _kept_or_gone(subject, case, x, alpha)
    factor, offset = _affine(_parameter(case, "rate"), alpha, x.precision)
    with np.errstate(all="ignore"):
        return _kept_or_gone(subject, case, factor * x + offset, factor * alpha + offset)


def _affine(rate: float, alpha: float, working: Precision) -> tuple[Bounded, Bounded]:
    """Return ``a`` and ``b`` of alpha dropout.

    They are computed of the rate in float64, whatever dtype holds them afterwards.
    """
    p, alpha_ = (lift(number, precision("float64")) for number in (rate, alpha))
    a = 1 / np.sqrt((1 - p) * (1 + p * (alpha_ * alpha_)))
    return _held(a, working), _held(-a * alpha_ * p, working)


def _held(x: Bounded, working: Precision) -> Bounded:
    """Return a number of float64 as another format holds it."""
    if working.dtype == x.precision.dtype:
        return x
    value = x.value.astype(working.truth)
    rounding = np.abs(value - working.rounded(value))
    return Bounded(value, rounding + x.bound.astype(working.truth), working)


def _kept_or_gone(
    subject: Subject, case: Case, kept: Bounded, instead: Any, whole: tuple[int, ...] = ()
) -> tuple[list[Test], int]:
    """Test numbers that are kept with one probability, and else are another number.

    Along the axes ``whole`` all are kept, or none. Only where the two numbers differ can be told
    which of them it is; where x is not finite, what is not kept may be NaN, as 0 times x is.
    """
    keep, gone = _parameter(case, "keep"), lift(instead, kept.precision)
    y = subject.run(case)[0].astype(kept.precision.truth)
    with np.errstate(all="ignore"):
        as_kept, as_gone = distance(y, kept).ratios, distance(y, gone).ratios
        told = np.abs(kept.value - gone.value) > kept.usable + gone.usable
    told &= np.isfinite(kept.value)
    as_gone = np.where(~np.isfinite(kept.value) & np.isnan(y), 0, as_gone)
    off = as_kept if keep == 1 else np.minimum(as_kept, as_gone)
    says = f"scaling: {int((off > 1).sum())} of {off.size} numbers are neither kept nor dropped"
    tests = [Test("scaling", float(off.max()) if off.size else 0.0, says)]
    some, others = (np.any(found & told, axis=whole) for found in (as_gone > 1, as_gone <= 1))
    torn = int((some & others).sum())
    if whole:
        says = f"whole: of {some.size} maps {torn} are dropped in part"
        tests.append(Test("whole", np.inf if torn else 0.0, says))
    tests.append(successes("kept", some[some | others], keep))
    if (some | others).all():
        tests += neighbours("independence", some, keep)
    return tests, y.size


def _gaussian_noise(subject: Subject, case: Case) -> tuple[list[Test], int]:
    stddev, x, y = _parameter(case, "stddev"), *_input_and_result(subject, case)
    if stddev == 0:
        return _unchanged(x, y)
    with np.errstate(all="ignore"):
        z, beside, ordinary = (y - x) / stddev, np.abs(x) / stddev, np.isfinite(x)
    tests, clear = _normal(subject.precision(case.dtype), z, beside, ordinary)
    return [*tests, *_unchanged(x[~ordinary], y[~ordinary])[0]], clear


def _gaussian_dropout(subject: Subject, case: Case) -> tuple[list[Test], int]:
    """Of numbers so small that their multiples may be subnormal, nothing is said."""
    stddev, x, y = _parameter(case, "stddev"), *_input_and_result(subject, case)
    if stddev == 0:
        return _unchanged(x, y)
    working = subject.precision(case.dtype)
    ordinary = np.isfinite(x) & (np.abs(x) * working.unit >= working.tiny)
    with np.errstate(all="ignore"):
        z = (y / x - 1) / stddev
    tests, clear = _normal(working, z, np.full(x.shape, 3 / stddev), ordinary)
    made = int((~np.isfinite(x) & np.isfinite(y)).sum())
    says = f"not finite: {made} numbers that were not are finite"
    return [*tests, Test("not finite", np.inf if made else 0.0, says)], clear


def _input_and_result(subject: Subject, case: Case) -> tuple[Float, Float]:
    truth = subject.precision(case.dtype).truth
    x: Any = case.arguments()["x"]
    return x.astype(truth), subject.run(case)[0].astype(truth)


def _unchanged(x: Float, y: Float) -> tuple[list[Test], int]:
    changed = int(((x != y) & ~(np.isnan(x) & np.isnan(y))).sum())
    says = f"identity: {changed} of {x.size} numbers are not what they were"
    return [Test("identity", np.inf if changed else 0.0, says)], x.size


def _normal(working: Precision, z: Float, beside: Float, ordinary: Any) -> tuple[list[Test], int]:
    """Test numbers that should be standard normal, but for the rounding of what they are part of.

    Rounded are z itself, the standard deviation, their product, and once or twice what comes of
    it, so that z is off by at most ``unit * (5 |z| + beside)``: 3 / stddev beside a factor of mean
    1 that multiplies what is not subnormal, |x| / stddev beside noise that is added to x. Where
    that is large, as of noise beside far larger numbers, only the support is tested.
    """
    unit = working.unit
    with np.errstate(all="ignore"):
        far = ordinary & ~(np.abs(z) * (1 - 5 * unit) <= FAR + unit * beside)
    says = f"support: {int(far.sum())} of {z.size} numbers beyond {FAR} standard deviations"
    tests = [Test("support", np.inf if far.any() else 0.0, says)]
    clear = ordinary & (unit * beside <= CLEAR) & ~far
    if clear.any():
        slack = unit * (5 * math.exp(-0.5) + float(beside[clear].max())) / math.sqrt(2 * math.pi)
        u = normal_cdf(z[clear].astype(np.float64))
        tests += uniform("uniform after the distribution function", u, slack)
    return tests, int(clear.sum())


def _orthogonal(subject: Subject, case: Case) -> tuple[list[Test], int]:
    gain = _parameter(case, "gain")
    seeds = np.random.RandomState(case.seed).randint(2**31 - 1, size=MATRICES)
    drawn = [subject.run(dataclasses.replace(case, seed=int(seed)))[0] for seed in seeds]
    working = subject.precision(case.dtype)
    stack = np.stack(drawn).astype(working.truth)
    matrices = stack.reshape(MATRICES, -1, stack.shape[-1])
    if matrices.shape[1] < matrices.shape[2]:
        matrices = np.swapaxes(matrices, 1, 2)
    signs = [
        successes(f"sign of entry {i}, {j}", matrices[:, i, j] > 0, 0.5)
        for i in range(matrices.shape[1])
        for j in range(matrices.shape[2])
    ]
    return [_orthonormal(matrices, gain, working), *signs], stack.size


def _orthonormal(matrices: Float, gain: float, working: Precision) -> Test:
    """Test ``QᵀQ = gain² I``: Householder's Q is off by √n γₘₙ (Higham, theorem 19.4)."""
    rows, columns = matrices.shape[1:]
    error = np.sqrt(columns) * working.accumulated(rows * columns) + 2 * working.unit
    gram = np.swapaxes(matrices, 1, 2) @ matrices
    off = float(np.max(np.abs(gram - gain**2 * np.eye(columns))))
    ratio = off / (gain**2 * float(2 * error + error**2))
    return Test("orthonormality", ratio, f"orthonormality: QᵀQ is off by {off:.3g}")


FAMILIES: Mapping[str, Callable[[Subject, Case], tuple[list[Test], int]]] = {
    "alpha_dropout": _alpha_dropout,
    "dropout": _dropout,
    "gaussian_dropout": _gaussian_dropout,
    "gaussian_noise": _gaussian_noise,
    "orthogonal": _orthogonal,
    "spatial_dropout": _spatial_dropout,
    "truncated_normal": _truncated_normal,
    "uniform": _uniform,
    "untruncated_normal": _untruncated_normal,
}
