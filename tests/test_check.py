"""A check passes what is right, and leads straight to the fault of what is not.

What it says of each wrong layer is kept in ``tests/candidates/golden``, numbers as ``#``. To write
these files anew, set ``ETALON_GOLDEN=write``.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest

import etalon
from etalon import spec
from etalon.conformance.candidates import check
from etalon.conformance.candidates.failure_text import told

GOLDEN = Path(__file__).parent / "candidates" / "golden"
NUMBER = re.compile(r"-?\b\d+(\.\d+)?(e[+-]?\d+)?\b")
VERSION = re.compile(r"(specifies, on [\w-]+) .*")
COMMON: dict[str, Any] = {
    "op": "layers/group_normalization",
    "profile": "smoke",
    "dtypes": ("float32",),
}
LAWS = [law for law in spec.find(COMMON["op"]).laws if law != "invalid_calls"]
ONE = {"center": True, "scale": True}
TORCH = {
    **COMMON,
    "backend": "torch",
    "config": {
        "num_groups": "rest[0] if groups == -1 else groups",
        "num_channels": "rest[0]",
        "eps": "epsilon",
    },
    "weights": {"weight": "gamma", "bias": "beta"},
    "only": {"axis": 1, **ONE},
}
JAX = {
    **COMMON,
    "backend": "jax",
    "config": {"groups": "rest[-1] if groups == -1 else groups"},
    "only": {"axis": -1, **ONE},
}
KERAS = {**JAX, "backend": "keras-torch"}
SMALL = {**JAX, "only": {**JAX["only"], "rest": (2, 3, 4)}}
"""Rows of one shape: JAX compiles all that it computes anew for each."""
FEATURES = {"config": {**JAX["config"], "features": "rest[-1]"}}
RIGHT = {
    "in_torch:GroupNorm": TORCH,
    "in_jax:group_norm": JAX,
    "in_jax:LinenNorm": SMALL,
    "in_jax:NnxNorm": {**SMALL, **FEATURES, "weights": {"scale": "gamma", "bias": "beta"}},
    "in_jax:EquinoxNorm": {**SMALL, **FEATURES, "weights": {"weight": "gamma", "bias": "beta"}},
    "in_keras:GroupNorm": KERAS,
}
WRONG = {
    "in_torch:EpsilonOutside": TORCH,
    "in_torch:Unbiased": TORCH,
    "in_torch:MeanOfSquares": TORCH,
    "in_jax:epsilon_outside": JAX,
    "in_jax:unbiased": JAX,
    "in_jax:offset_first": JAX,
    "in_keras:EpsilonOutside": KERAS,
    "in_keras:Uncentred": KERAS,
    "in_keras:MeanOfSquares": KERAS,
}


def layer(place: str) -> Any:
    """Return an object of ``tests/candidates``."""
    module, _, name = place.partition(":")
    needed = {"in_torch": "torch", "in_jax": "flax", "in_keras": "keras"}[module]
    if not importlib.util.find_spec(needed):
        # CI has all of them; a contributor may have one framework alone.
        pytest.skip(f"{needed} is not installed")
    return getattr(importlib.import_module(f"candidates.{module}"), name)


@pytest.mark.parametrize("place", RIGHT)
def test_what_is_right_passes(place: str) -> None:
    verdicts = etalon.check(layer(place), **RIGHT[place])
    assert {verdict.verdict for verdict in verdicts} == {"conforms"}
    lasting = [law for law in LAWS if law != "likely" or "rest" not in RIGHT[place]["only"]]
    assert [verdict.law for verdict in verdicts] == lasting


@pytest.mark.parametrize("place", WRONG)
def test_what_is_wrong_fails_and_says_where(place: str) -> None:
    with pytest.raises(AssertionError) as failure:
        etalon.check(layer(place), **WRONG[place])
    said = NUMBER.sub("#", VERSION.sub(r"\1", str(failure.value))) + "\n"
    path = GOLDEN / f"{place.replace(':', '-')}.txt"
    if os.environ.get("ETALON_GOLDEN") == "write":
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_a_failure_replays() -> None:
    wrong = layer("in_torch:Unbiased")
    with pytest.raises(AssertionError, match="again: etalon check") as failure:
        etalon.check(wrong, **TORCH)
    case = re.findall(r"--case (layers/\S+)", str(failure.value))[0]
    with pytest.raises(AssertionError, match="y: NaN in place of number in 1 of 1 cases"):
        etalon.check(wrong, **TORCH, case=case)
    etalon.check(layer("in_torch:GroupNorm"), **TORCH, case=case)


def torch_with(**changes: Any) -> dict[str, Any]:
    return {**TORCH, **changes}


MAPPINGS = {
    "hyperparameter that goes nowhere": (
        torch_with(config={k: v for k, v in TORCH["config"].items() if k != "eps"}),
        "GroupNorm as layers/group_normalization: 'epsilon', a hyperparameter of the op, goes "
        "nowhere (did you mean 'eps'?): it takes num_groups, num_channels, eps; say which of these "
        "is given it, config={'…': 'epsilon'}, or judge one value of it alone, "
        "only={'epsilon': 0.001}",
    ),
    "argument that is given nothing": (
        torch_with(config={k: v for k, v in TORCH["config"].items() if k != "num_channels"}),
        "it needs 'num_channels', which is no hyperparameter of the op: say what it is given, "
        "config={'num_channels': '…'}, by an expression over groups, axis, epsilon, center, scale,",
    ),
    "argument that there is not": (
        torch_with(config={**TORCH["config"], "epsilons": "epsilon"}),
        "config names 'epsilons'",
    ),
    "name of the op that there is not": (
        torch_with(config={**TORCH["config"], "num_channels": "channels"}),
        "config, 'num_channels': layers/group_normalization has no 'channels'",
    ),
    "weight that goes nowhere": (
        torch_with(weights={"weight": "gamma"}),
        "'beta', a weight of the op, goes nowhere (did you mean 'bias'?): it holds weight (6,), "
        "bias (6,); say which of these is it, weights={'…': 'beta'}",
    ),
    "weight of another shape": (
        torch_with(config={**TORCH["config"], "num_channels": "2 * rest[0]"}),
        "gamma has shape (6,), and 'weight' has (12,)",
    ),
    "hyperparameter in only that there is not": (
        torch_with(only={"axes": 1}),
        "only: layers/group_normalization has no 'axes' (did you mean 'axis' or 'rest'?)",
    ),
}


@pytest.mark.parametrize("name", MAPPINGS)
def test_names_that_do_not_fit(name: str) -> None:
    asked, says = MAPPINGS[name]
    with pytest.raises(ValueError, match=re.escape(says)):
        etalon.check(layer("in_torch:GroupNorm"), **asked)


def test_what_is_asked_for_is_known() -> None:
    norm = layer("in_torch:GroupNorm")
    with pytest.raises(ValueError, match="no backend is called 'theano': there are numpy, torch"):
        etalon.check(norm, **torch_with(backend="theano"))
    with pytest.raises(ValueError, match="no device is called 'cuda': there are cpu, gpu"):
        etalon.check(norm, **torch_with(device="cuda"))
    with pytest.raises(ValueError, match="numpy can't be judged on a gpu here: it finds only cpu"):
        etalon.check(etalon.reference("tanh"), op="tanh", backend="numpy", device="gpu")
    with pytest.raises(ValueError, match="no law is called 'murphy'"):
        etalon.check(norm, **torch_with(laws=["murphy"]))
    with pytest.raises(ValueError, match="group_normalization has no law 'streaming'"):
        etalon.check(norm, **torch_with(laws=["streaming"]))
    with pytest.raises(LookupError, match="did you mean layers/group_normalization"):
        etalon.check(norm, **torch_with(op="layers/group_normalisation"))
    with pytest.raises(ValueError, match="it is an instance: pass GroupNorm itself"):
        etalon.check(norm(1, 2), **TORCH)
    with pytest.raises(ValueError, match="Path is a class, but none of torch's layers"):
        etalon.check(Path, **TORCH)
    with pytest.raises(ValueError, match="it is of type int, which can't be called"):
        etalon.check(3, **TORCH)


def test_what_conforms_is_told_in_a_line_for_each_law() -> None:
    request = check.asked(layer("in_torch:GroupNorm"), **TORCH)
    said = told("GroupNorm", request.op.id, "torch", check.judged(request))
    head, *lines = said.splitlines()
    assert head.startswith("GroupNorm computes what layers/group_normalization specifies, on torch")
    assert [line.split()[0] for line in lines] == LAWS


@pytest.mark.parametrize(
    "op",
    [
        "layers/attention",
        "layers/add",
        "layers/batch_normalization",
        "layers/dropout",
        "activations/relu",
        "initializers/he_normal",
        "regularizers/l1_l2",
        "losses/huber",
        "optimizers/sgd",
        "metrics/mean_squared_error",
    ],
)
def test_a_function_of_each_kind_is_called_as_its_op_is(op: str) -> None:
    verdicts = etalon.check(
        etalon.reference(op), op=op, backend="numpy", profile="smoke", dtypes=["float32"]
    )
    assert {v.verdict for v in verdicts if v.reason != "takes no gradients"} == {"conforms"}


def test_a_layer_without_masks() -> None:
    softmax = layer("in_torch:Softmax")
    asked: dict[str, Any] = {"op": "layers/softmax", "backend": "torch", "profile": "smoke"}
    with pytest.raises(ValueError, match="it takes no mask: say by only that 'masked' does not"):
        etalon.check(softmax, **asked, only={"axis": -1})
    etalon.check(softmax, **asked, only={"axis": -1, "masked": False}, dtypes=["float32"])


def test_a_random_layer_is_seeded_and_leaves_the_callers_generator_alone() -> None:
    layer("in_keras:GroupNorm")
    keras = importlib.import_module("keras")
    before = random.getstate()
    etalon.check(
        keras.layers.Dropout,
        op="layers/dropout",
        backend="keras-torch",
        profile="smoke",
        dtypes=["float32"],
    )
    assert random.getstate() == before
