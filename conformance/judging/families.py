"""The law of distribution: each family of distributions with its tests."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping

import numpy as np

from etalon.conformance.arithmetic.bounded import lift
from etalon.conformance.arithmetic.precision import Float, precision
from etalon.conformance.cases.case import Case
from etalon.conformance.judging.comparison import ratios
from etalon.conformance.judging.outcomes import Outcome
from etalon.conformance.judging.statistics import (
    Test,
    neighbours,
    normal_cdf,
    successes,
    uniform,
)
from etalon.conformance.judging.subject import Subject
from etalon.spec.expressions import evaluate

CUT = 2.0
"""At how many standard deviations normal numbers are truncated."""
MATRICES = 64
"""How many random matrices one case of the orthogonal family draws."""


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
    working = precision(case.dtype)
    x = subject.run(case)[0].astype(np.float64)
    z = (x - center) / scale
    edge = CUT + float(working.accumulated(4)) * (CUT + abs(center) / scale)
    outside = int(z.size - (np.abs(z) <= edge).sum())
    says = f"support: {outside} of {z.size} numbers beyond ± {CUT} standard deviations"
    support = Test("support", np.inf if outside else 0.0, says)
    low, high = normal_cdf(np.array([-CUT, CUT]))
    u = np.clip((normal_cdf(z) - low) / (high - low), 0, 1)
    slack = _slack(case, center / scale) / (high - low)
    return [support, *uniform("uniform after the distribution function", u, slack)], z.size


def _untruncated_normal(subject: Subject, case: Case) -> tuple[list[Test], int]:
    stddev, center = _parameter(case, "stddev"), _parameter(case, "center")
    z = (subject.run(case)[0].astype(np.float64) - center) / stddev
    slack = _slack(case, center / stddev)
    return uniform("uniform after the distribution function", normal_cdf(z), slack), z.size


def _slack(case: Case, center: float) -> float:
    """Return how far rounding moves the distribution function of ``center + z``.

    A rounded number is off by at most ``unit * |center + z|``; the density is at most 1 / √2π, and
    z times the density is largest at 1. Around a center other than 0 there are two roundings more.
    """
    off = math.exp(-0.5) + abs(center) * 3 + (2 * math.exp(-0.5) if center else 0)
    return precision(case.dtype).unit * off / math.sqrt(2 * math.pi)


def _uniform(subject: Subject, case: Case) -> tuple[list[Test], int]:
    low, high = _parameter(case, "low"), _parameter(case, "high")
    x = subject.run(case)[0].astype(np.float64)
    slack = float(precision(case.dtype).accumulated(4)) * max(abs(low), abs(high)) / (high - low)
    u = (x - low) / (high - low)
    outside = int(u.size - ((u >= -slack) & (u <= 1 + slack)).sum())
    says = f"support: {outside} of {u.size} numbers are not between {low:.6g} and {high:.6g}"
    support = Test("support", np.inf if outside else 0.0, says)
    return [support, *uniform("uniform", np.clip(u, 0, 1), slack)], u.size


def _dropout(subject: Subject, case: Case) -> tuple[list[Test], int]:
    keep = _parameter(case, "keep")
    working = precision(case.dtype)
    x = case.arguments()["x"]
    y = subject.run(case)[0].astype(working.truth)
    with np.errstate(all="ignore"):
        kept = lift(x, working)
        if keep < 1:
            kept = kept * (1 / lift(keep, working))
        found = ratios(y, np.where(y == kept.value, 0, np.abs(y - kept.value)), kept)
    regular = np.isfinite(kept.value) & (kept.value != 0)
    dropped = (y == 0) | (~regular & np.isnan(y)) if keep < 1 else np.zeros(y.shape, dtype=bool)
    off = np.where(dropped, 0, found)
    scaling = Test(
        "scaling",
        float(off.max()) if off.size else 0.0,
        f"scaling: {int((off > 1).sum())} of {off.size} numbers are neither 0 nor x / {keep:.6g}",
    )
    survived = (y != 0)[regular]
    tests = [scaling, successes("kept", survived, keep)]
    if regular.all():
        tests += neighbours("independence", y != 0, keep)
    return tests, y.size


def _orthogonal(subject: Subject, case: Case) -> tuple[list[Test], int]:
    gain = _parameter(case, "gain")
    seeds = np.random.RandomState(case.seed).randint(2**31 - 1, size=MATRICES)
    drawn = [subject.run(dataclasses.replace(case, seed=int(seed)))[0] for seed in seeds]
    stack = np.stack(drawn).astype(precision(case.dtype).truth)
    matrices = stack.reshape(MATRICES, -1, stack.shape[-1])
    if matrices.shape[1] < matrices.shape[2]:
        matrices = np.swapaxes(matrices, 1, 2)
    signs = [
        successes(f"sign of entry {i}, {j}", matrices[:, i, j] > 0, 0.5)
        for i in range(matrices.shape[1])
        for j in range(matrices.shape[2])
    ]
    return [_orthonormal(matrices, gain, case.dtype), *signs], stack.size


def _orthonormal(matrices: Float, gain: float, dtype: str) -> Test:
    """Test ``QᵀQ = gain² I``: Householder's Q is off by √n γₘₙ (Higham, theorem 19.4)."""
    working = precision(dtype)
    rows, columns = matrices.shape[1:]
    error = np.sqrt(columns) * working.accumulated(rows * columns) + 2 * working.unit
    gram = np.swapaxes(matrices, 1, 2) @ matrices
    off = float(np.max(np.abs(gram - gain**2 * np.eye(columns))))
    ratio = off / (gain**2 * float(2 * error + error**2))
    return Test("orthonormality", ratio, f"orthonormality: QᵀQ is off by {off:.3g}")


FAMILIES: Mapping[str, Callable[[Subject, Case], tuple[list[Test], int]]] = {
    "dropout": _dropout,
    "orthogonal": _orthogonal,
    "truncated_normal": _truncated_normal,
    "uniform": _uniform,
    "untruncated_normal": _untruncated_normal,
}
