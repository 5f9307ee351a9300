"""The judges of ``alarms.py``: what is usual, and Etalon's bounds.

A judge is made of a call and says of results whether it refuses them. All but flash-attention's
rule compare with the exact value, rounded to the dtype where the rule compares numbers of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
import torch
from alarm_subjects import SCALE, Call, tensor
from alarm_sums import Array, rounded

from etalon import spec
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.noise import Noise
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import parse
from etalon.conformance.laws.aggregates import together
from etalon.conformance.laws.likely import DEVIATION, NOISELESS
from etalon.conformance.truths.values import value_and_bound

Judge = Callable[[Array], bool]
"""Whether results are refused."""

RATE = 1e-9
"""That of the likely bound."""
GUARANTEED, LIKELY, TOGETHER = "Etalon, guaranteed", "Etalon, likely", "Etalon, all together"
EXACT = "Etalon, exact data"


def bounded(call: Call, noise: Noise | None = None) -> tuple[Array, Array]:
    """Return the exact value of a call, and Etalon's bound where this is supposed of roundings."""
    working = precision(call.dtype).supposing(noise)
    if call.op == "dense":
        x, kernel = call.arrays
        config = {"units": kernel.shape[-1], "use_bias": False}
        return value_and_bound(spec.find("layers/dense"), (x, kernel), config, working)
    mask = np.arange(len(call.arrays[1]))[None] < call.terms
    arrays = (*(array[None] for array in call.arrays), np.float32(SCALE))
    config = {"use_scale": True, "value_mask": mask}
    value, bound = value_and_bound(spec.find("layers/attention"), arrays, config, working)
    return value[0], bound[0]


def allclose(call: Call, exact: Array) -> Judge:
    """``torch.testing.assert_close`` with its defaults for the dtype."""
    wanted = tensor(rounded(exact, call.dtype), call.dtype)

    def refuses(y: Array) -> bool:
        try:
            torch.testing.assert_close(tensor(y, call.dtype), wanted)
        except AssertionError:
            return True
        return False

    return refuses


def twice_the_baseline(call: Call, exact: Array) -> Judge:
    """The rule of flash-attention's tests, ``hopper/test_flash_attn.py``.

    The largest error is at most twice that of the same formula in PyTorch, plus what adding and
    taking 0.3 loses. The reference is PyTorch in float32, and in float64 for float32, where the
    baseline would be the reference itself.
    """
    wider = "float64" if call.dtype == "float32" else "float32"
    wanted = _composed(call, wider, scaled="query").to(getattr(torch, call.dtype))
    baseline = _composed(call, call.dtype, scaled="key")
    allowed = 2 * (baseline - wanted).abs().max() + 2 * (wanted + 0.3 - 0.3 - wanted).abs().max()

    def refuses(y: Array) -> bool:
        return not bool((tensor(y, call.dtype) - wanted).abs().max() <= allowed)

    return refuses


def _composed(call: Call, dtype: str, scaled: str) -> torch.Tensor:
    """Return the formula in PyTorch, step by step; the scale is on the query or on the key."""
    arrays = (tensor(array, dtype) for array in call.arrays)
    if call.op == "dense":
        x, kernel = arrays
        return x @ kernel
    query, value, key = arrays
    query, key = (query * SCALE, key) if scaled == "query" else (query, key * SCALE)
    scores = query @ key.T
    scores[:, call.terms :] = -torch.inf
    return torch.softmax(scores, dim=-1) @ value


def hipdnn(call: Call, exact: Array) -> Judge:
    """AMD's dynamic tolerances: hipDNN's ``DynamicTolerancesMatmul.hpp`` and ``…Sdpa.hpp``.

    One tolerance for a tensor: of a product from the norms of its factors, and then relative to
    each number as well; of attention from the largest magnitudes.
    """
    wanted = rounded(exact, call.dtype).astype(np.float64)
    if call.op == "dense":
        tolerance = _of_product(call)
        allowed = tolerance + tolerance * np.abs(wanted)
    else:
        allowed = np.full_like(wanted, _of_attention(call))
    return partial(_beyond, wanted=wanted, allowed=allowed)


def _beyond(y: Array, wanted: Array, allowed: Array) -> bool:
    return not bool(np.all(np.abs(y - wanted) <= allowed))


EPSILON = float(np.finfo(np.float32).eps)
EPSILONS = MappingProxyType({"float32": EPSILON, "float16": 2.0**-10, "bfloat16": 2.0**-7})


def gamma(terms: int) -> float:
    """How errors grow by hipDNN: linearly as long as it is small, then six standard deviations."""
    linear = 2 * terms * EPSILON
    return linear / (1 - linear) if linear < 0.01 else 6 * np.sqrt(2 * terms) * EPSILON


def _casting(call: Call) -> float:
    own = EPSILONS[call.dtype]
    return own if own > EPSILON else 0.0


def _of_product(call: Call) -> float:
    first, second = (float(np.abs(a).sum(axis=-1, dtype=float).max()) for a in call.arrays)
    return (gamma(call.terms) + _casting(call)) * first * second


def _of_attention(call: Call) -> float:
    query, value, key = (float(np.abs(array).max()) for array in call.arrays)
    features, positions = call.arrays[0].shape[-1], len(call.arrays[1])
    scores = (gamma(features) + EPSILON) * features * query * key * SCALE
    softmax = gamma(positions) + (positions + 1) * EPSILON
    return (scores + softmax + gamma(positions) + _casting(call)) * value


def guaranteed(call: Call, exact: Array | None = None) -> Judge:
    """Etalon's bound for any order of roundings."""
    value, bound = bounded(call)
    return partial(_beyond, wanted=value, allowed=bound)


def likely(call: Call, exact: Array) -> Judge:
    """Etalon's likely bound, number by number."""
    value, bound = bounded(call, Noise.at(RATE))
    return partial(_beyond, wanted=value, allowed=bound)


def all_together(call: Call, exact: Array) -> Judge:
    """What noise leaves of the errors of all numbers: their root mean square, and their slope."""
    truths = [
        Bounded(*bounded(call, noise), precision(call.dtype)) for noise in (DEVIATION, NOISELESS)
    ]
    case = parse(f"layers/{call.op}:{call.dtype}:normal:x1.0:s0:")  # it names what is judged

    def refuses(y: Array) -> bool:
        return not together(case, "y", y, *truths, RATE).holds

    return refuses


JUDGES: Mapping[str, Callable[[Call, Array], Judge]] = MappingProxyType(
    {
        "assert_close": allclose,
        "twice the baseline": twice_the_baseline,
        "hipDNN": hipdnn,
        GUARANTEED: guaranteed,
        LIKELY: likely,
        TOGETHER: all_together,
    }
)
"""The judges of one call, by name; that of exact data asks for calls of its own."""
