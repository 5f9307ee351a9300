"""What an argument is when it is left out: the reference says what Keras says."""

from __future__ import annotations

import functools
import importlib.util
import inspect
import json
import os
import subprocess
import sys
from fnmatch import fnmatchcase
from typing import Any

import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.backends.numpy import definition
from etalon.spec.words import EDITIONS

TODAY = [op for op in spec.catalogue().values() if op.edition == EDITIONS[0]]
FRAMEWORKS = [name for name in ("torch", "jax", "tensorflow") if importlib.util.find_spec(name)]
READ = """
import inspect, json, sys
import keras
found = {}
for name in json.load(sys.stdin):
    kind, keras_name = name.split("/")
    call = getattr(getattr(keras, kind), keras_name, None)
    parameters = inspect.signature(call).parameters if call else {}
    defaults = {n: p.default for n, p in parameters.items() if p.default is not p.empty}
    plain = (bool, int, float, str, tuple, type(None))
    found[name] = {n: d for n, d in defaults.items() if isinstance(d, plain)}
print("defaults", json.dumps(found))
"""


@functools.cache
def of_keras() -> dict[str, dict[str, Any]]:
    """Return the defaults of what Keras has under the ops' names, by kind and name."""
    backend = BACKENDS[f"keras-{FRAMEWORKS[0]}"]
    wanted = sorted({f"{op.kind}/{op.keras}" for op in TODAY})
    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **backend.environment},
    )
    found: dict[str, dict[str, Any]] = json.loads(done.stdout.split("defaults ", 1)[1])
    return found


def of_reference(op: spec.Op) -> dict[str, Any]:
    parameters = inspect.signature(definition(op)).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def meant(name: str, value: Any) -> Any:
    """Return a default as JSON has it, where None stands for something as that."""
    return MEANT.get(name) if value is None else json.loads(json.dumps(value))


def excepted(op: spec.Op, name: str) -> bool:
    return any(fnmatchcase(op.id, glob) and name == other for glob, other in EXCEPTIONS)


MEANT = {"data_format": "channels_last", "activation": "linear"}
"""What stands for None."""

EXCEPTIONS = {
    ("losses/*", "reduction"): "a call gives what it is asked for, and reduces nothing by itself",
    ("layers/zero_padding3d", "padding"): "Keras writes ((1, 1), (1, 1), (1, 1)) for (1, 1, 1)",
}
"""By op and argument, why the reference has another default."""

KERAS2 = {
    "adadelta": {"learning_rate": 1.0, "rho": 0.95, "epsilon": 1e-7},
    "adagrad": {"learning_rate": 0.01, "epsilon": 1e-7},
    "adamax": {"learning_rate": 0.002, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "nadam": {
        "learning_rate": 0.002,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-7,
        "schedule_decay": 0.004,
    },
    "rmsprop": {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7},
}
"""Keras 2.2.4, keras/optimizers.py, with ``lr`` spelled out; epsilon is ``K.epsilon()``."""


# CI has Keras; a contributor may have one framework alone.
@pytest.mark.process
@pytest.mark.skipif(
    not (importlib.util.find_spec("keras") and FRAMEWORKS), reason="Keras is not installed"
)
@pytest.mark.parametrize("op", TODAY, ids=[op.id for op in TODAY])
def test_the_reference_has_the_defaults_of_keras(op: spec.Op) -> None:
    keras, ours = of_keras()[f"{op.kind}/{op.keras}"], of_reference(op)
    shared = [name for name in op.config if name in keras and not excepted(op, name)]
    assert {n: meant(n, ours.get(n, "none")) for n in shared} == {
        n: meant(n, keras[n]) for n in shared
    }


def test_the_reference_has_the_defaults_of_keras_2() -> None:
    older = [op for op in spec.catalogue().values() if op.edition == "keras2"]
    found = {op.name: of_reference(op) for op in older if op.kind == "optimizers"}
    assert found == KERAS2


def test_exceptions_are_those_that_there_are() -> None:
    for glob, name in EXCEPTIONS:
        assert any(name in op.config for op in TODAY if fnmatchcase(op.id, glob)), (glob, name)
