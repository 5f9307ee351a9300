"""The terms of long sums in another order: the same numbers elsewhere, and the same sums."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from etalon import spec
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import Case, InvalidCase, parse
from etalon.conformance.judging.sampling import sample
from etalon.conformance.truths.values import truth_of
from etalon.spec.words import VALUES

Numbers = npt.NDArray[Any]


def long_case(op: str) -> Case:
    """Return the first case of an op whose sums are long."""
    return next(case for case in sample(spec.find(op), VALUES, "float32", "quick", 0) if case.long)


@pytest.mark.parametrize("op", [op.id for op in spec.catalogue().values() if op.long])
def test_permuted_terms_are_the_same_numbers_elsewhere(op: str) -> None:
    case = long_case(op)
    permuted = parse(f"{case.id}:permuted")
    assert permuted == replace(case, permuted=True)
    assert parse(permuted.id) == permuted
    pairs = [
        (mine, theirs)
        for name, argument in case.arguments().items()
        for mine, theirs in zip(arrays(argument), arrays(permuted.arguments()[name]), strict=True)
    ]
    assert all(np.array_equal(np.sort(a, None), np.sort(b, None)) for a, b in pairs)
    of_one_index = op == "layers/embedding"  # its first config has no other
    assert any(not np.array_equal(a, b) for a, b in pairs) is not of_one_index


def arrays(argument: Any) -> list[Numbers]:
    if argument is None:
        return []
    return argument if isinstance(argument, list) else [argument]


@pytest.mark.parametrize(
    "op",
    [
        "activations/softmax",
        "layers/attention",
        "layers/batch_normalization",
        "layers/conv2d",
        "layers/dense",
        "layers/dot",
        "layers/einsum_dense",
        "layers/global_average_pooling2d",
        "layers/layer_normalization",
        "layers/multi_head_attention",
        "layers/separable_conv1d",
        "layers/simple_rnn",
        "losses/mean_squared_error",
        "regularizers/l2",
    ],
)
def test_what_sums_over_all_of_an_axis_is_the_same_of_permuted_terms(op: str) -> None:
    case = long_case(op)
    orders = case, replace(case, permuted=True)
    one, other = (truth_of(each, precision("float64"))[0] for each in orders)
    off = np.abs(np.sort(one.value, None) - np.sort(other.value, None))
    assert off.max() <= one.bound.max()


def test_only_long_sums_have_terms_to_permute() -> None:
    with pytest.raises(InvalidCase, match="activations/relu has no long sums whose terms"):
        parse("activations/relu:float32:normal:x1.0:s0:shape=1x3:permuted")
