"""Adapter code: the code that a report shows runs as it is copied, and computes what was judged."""

from __future__ import annotations

import builtins
import dis
from collections.abc import Iterator
from types import CodeType
from typing import Any

import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.cases.call import call
from etalon.conformance.judging.sampling import sample
from etalon.conformance.programs.adapter_code import adapter_code
from etalon.conformance.subjects.subject import Subject
from etalon.reports.opened import Written
from etalon.spec.model import Op

OPS = spec.catalogue().values()


def copied(subject: Subject, op: Op) -> dict[str, object]:
    """What the code of an op defines where it is copied to."""
    found = adapter_code(subject, op)
    assert found is not None
    names: dict[str, object] = {"__name__": "copied"}
    exec(compile(Written(found, ()).whole, op.id, "exec", dont_inherit=True), names)
    return names


def used(code: CodeType) -> Iterator[str]:
    """Yield the global names that a function and those within it use."""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(step.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from used(constant)


@pytest.mark.parametrize("backend", ["numpy", "torch", "tensorflow", "jax"])
def test_copied_code_lacks_nothing(backend: str) -> None:
    subject = Subject(BACKENDS[backend])
    for op in OPS:
        if subject.adapter(op) is None:
            continue
        names = copied(subject, op)
        wanted = {
            name
            for value in names.values()
            if getattr(value, "__module__", "") == "copied" and hasattr(value, "__code__")
            for name in used(value.__code__)
        }
        assert wanted <= names.keys() | vars(builtins).keys(), op.id


@pytest.mark.parametrize("op", [op for op in OPS if op.distribution is None], ids=lambda op: op.id)
def test_copied_code_computes_what_was_judged(op: Op) -> None:
    subject = Subject(BACKENDS["torch"])
    function = copied(subject, op)[op.function]
    case = sample(op, op.laws[0], "float32", "smoke", 0)[0]
    tensors = {n: _there(subject, value) for n, value in case.arguments().items()}
    found = call(function, case, tensors, lambda tensor: tensor)  # type: ignore[arg-type]
    for got, judged in zip(found, subject.run(case), strict=True):
        np.testing.assert_array_equal(subject.package.to_numpy(got), judged)


def _there(subject: Subject, value: Any) -> Any:
    if isinstance(value, list):
        return [_there(subject, part) for part in value]
    return None if value is None else subject.package.from_numpy(value)


def test_keras_has_a_call_and_no_code() -> None:
    found = adapter_code(Subject(BACKENDS["keras-torch"]), spec.find("layers/dense"))
    assert found is not None
    assert (found.call, found.source) == ("native: keras.layers.Dense", "")
