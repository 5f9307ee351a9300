"""What Keras computes in is the dtype of the case, whatever a process has set or read before.

Keras chooses the framework when it is imported, and its dtype policy once: so each combination has
a process of its own.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

JUDGED = """
import keras
from keras.src.backend.common.global_state import get_global_attribute

import etalon

DTYPES = ("float32", "float64", "float16", "bfloat16")
ROWS = {"axis": -1, "batch": 4, "rest": (2, 3, 4)}
LOSS = {"masked": False, "reduction": "none", "batch": (2, 3), "outputs": 3}


def zeros(shape, dtype="float32"):
    return keras.initializers.Zeros()(shape)


def squared_error(y_true, y_pred, mask=None, sample_weight=None):
    loss = keras.losses.MeanSquaredError(reduction=None)
    return loss(y_true, y_pred, sample_weight=sample_weight)


def normalized(x, scale, epsilon):
    layer = keras.layers.RMSNormalization(epsilon=epsilon)
    layer.build(x.shape)
    with keras.StatelessScope(state_mapping=[(layer.scale, scale)]):
        return layer(x)


def policy():
    return get_global_attribute("dtype_policy")


def judged(made, op, only, law="shape_and_dtype"):
    verdicts = etalon.check(
        made,
        op=op,
        backend="keras-" + keras.config.backend(),
        only=only,
        laws=[law],
        dtypes=DTYPES,
        profile="smoke",
    )
    print(op, *(verdict.verdict for verdict in verdicts))


"""
CALLS = """
before = keras.config.floatx(), policy()
judged(keras.layers.RMSNormalization, "layers/rms_normalization", ROWS)
judged(normalized, "layers/rms_normalization", ROWS)
judged(keras.layers.Embedding, "layers/embedding", {"input_dim": 5, "output_dim": 4})
judged(zeros, "initializers/zeros", {})
judged(squared_error, "losses/mean_squared_error", LOSS)
assert (keras.config.floatx(), policy()) == before
assert policy() is before[1]
"""
BEFORE = {
    "nothing": "",
    "the policy is read": "keras.config.dtype_policy()",
    "the policy is mixed": 'keras.config.set_dtype_policy("mixed_float16")',
    "floatx is set": 'keras.config.set_floatx("float16")',
}


def printed(framework: str, source: str) -> str:
    """Return what a program prints whose Keras computes with a framework."""
    for needed in ("keras", framework):
        if not importlib.util.find_spec(needed):
            # CI has all of them; a contributor may have one framework alone.
            pytest.skip(f"{needed} is not installed")
    environment = {**os.environ, "KERAS_BACKEND": framework, "TF_CPP_MIN_LOG_LEVEL": "3"}
    run = subprocess.run(
        [sys.executable, "-c", JUDGED + source],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize(
    ("framework", "before"),
    [
        *(("torch", before) for before in BEFORE),
        ("tensorflow", "the policy is mixed"),
        ("jax", "the policy is mixed"),
    ],
)
def test_results_have_the_dtype_of_the_case(framework: str, before: str) -> None:
    found = printed(framework, BEFORE[before] + CALLS)
    ops = ["layers/rms_normalization"] * 2 + ["layers/embedding", "initializers/zeros"]
    ops.append("losses/mean_squared_error")
    assert found.splitlines() == [f"{op} conforms conforms conforms conforms" for op in ops]


CHANGING = """
class Mixing(keras.layers.RMSNormalization):
    def call(self, x):
        keras.config.set_dtype_policy("mixed_float16")
        return super().call(x)


keras.config.set_dtype_policy("mixed_bfloat16")
mine = policy()
try:
    judged(Mixing, "layers/rms_normalization", ROWS, "values")
except AssertionError as failure:
    print(failure)
assert policy() is mine
"""


def test_a_layer_that_sets_the_policy_is_found_out() -> None:
    assert "it changed the dtype policy from" in printed("torch", CHANGING)


ELSEWHERE = """
try:
    etalon.check(len, op="layers/rms_normalization", backend="keras-torch")
except ValueError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("framework", "hint"),
    [("numpy", "no backend is called 'keras-numpy'"), ("jax", "say backend='keras-jax'")],
)
def test_keras_that_computes_with_another_framework(framework: str, hint: str) -> None:
    assert printed(framework, ELSEWHERE) == f"Keras computes with {framework} here: {hint}\n"
