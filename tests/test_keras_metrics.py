"""A metric of Keras whose reset leaves something behind is found."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from etalon.backends import BACKENDS

BACKEND = BACKENDS["keras-torch"]
PROGRAM = """
import keras
from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.judging.sampling import sample
from etalon.conformance.subjects.subject import Subject
from etalon.conformance.laws import values

def right():
    subject = Subject(BACKENDS["keras-torch"])
    cases = sample(spec.find("metrics/mean_squared_error"), "values", "float32", "quick", 0)[:20]
    return all(values.judge(subject, case).holds for case in cases)

print(right())
keras.metrics.Mean.reset_state = lambda self: None
print(right())
"""


# CI has both; a contributor may have one framework alone.
@pytest.mark.process
@pytest.mark.skipif(bool(BACKEND.missing()), reason="Keras or PyTorch is not installed")
def test_a_reset_that_leaves_something_behind_is_found() -> None:
    environment = {**os.environ, **BACKEND.environment}
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
