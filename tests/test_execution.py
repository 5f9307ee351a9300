"""What is compiled is compiled once for each config, dtype and shapes, and serves every law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance.cases.case import Case, parse
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.judging.sampling import sample
from etalon.conformance.subjects.execution import Execution
from etalon.conformance.subjects.subject import Subject
from etalon.spec.words import EXECUTIONS

DENSE = (
    "layers/dense:float32:normal:x1.0:s0:units=3,use_bias=true,activation=null,batch=2x,features=4"
)
RELU = (
    "activations/relu:float32:normal:x1.0:s0:"
    "negative_slope=0.0,max_value=null,threshold=0.0,shape=4x"
)


class Compiler:
    """NumPy's package with a compiler, which notes each function that it is given."""

    def __init__(self, change: Callable[[Any], Any] = lambda result: result) -> None:
        self.package = BACKENDS["numpy"].load()
        self.made: list[Callable[..., Any]] = []
        self.change = change

    def __getattr__(self, name: str) -> Any:
        """Return what NumPy's package has."""
        return getattr(self.package, name)

    def compiled(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that computes what another does, but for what a test changes."""
        self.made.append(function)
        return lambda *given: tuple(self.change(result) for result in function(*given))


def compiling(compiler: Compiler) -> Subject:
    subject = Subject(BACKENDS["numpy"])
    subject._execution = Execution(compiler, "compiled")
    return subject


def answered(subject: Subject, case: Case) -> Any:
    return subject.answer(case, case.arguments())[0]


def test_other_numbers_are_computed_by_what_is_compiled_already() -> None:
    compiler = Compiler()
    subject, case = compiling(compiler), parse(RELU)
    for seed in range(3):
        other = replace(case, seed=seed, scale=2.0)
        assert np.array_equal(answered(subject, other), answered(Subject(BACKENDS["numpy"]), other))
    assert len(compiler.made) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "float64"},
        {"assignment": {**parse(RELU).assignment, "shape": (5,)}},
        {"assignment": {**parse(RELU).assignment, "negative_slope": 0.3}},
    ],
    ids=["dtype", "shape", "config"],
)
def test_another_call_is_compiled_anew(change: dict[str, Any]) -> None:
    compiler = Compiler()
    subject, case = compiling(compiler), parse(RELU)
    answered(subject, case)
    other = replace(case, **change)
    assert np.array_equal(answered(subject, other), answered(Subject(BACKENDS["numpy"]), other))
    assert len(compiler.made) == 2


def test_an_op_lets_go_of_what_was_compiled_for_another() -> None:
    compiler = Compiler()
    subject = compiling(compiler)
    for case in map(parse, (RELU, DENSE, RELU)):
        subject.run(case)
    assert len(compiler.made) == 3


def test_initializers_are_called_as_they_are() -> None:
    compiler = Compiler()
    op = spec.find("initializers/random_normal")
    answered(compiling(compiler), sample(op, op.laws[0], "float32", "smoke", 0)[0])
    assert not compiler.made


def test_a_fault_of_the_compiler_is_found() -> None:
    judge = Judge(compiling(Compiler(lambda y: y * np.float32(1.001))), "smoke")
    assert judge.verdict(Cell("numpy", "layers/dense", "values", "float32")).verdict == "fails"


def test_every_law_shares_what_is_compiled() -> None:
    compiler = Compiler()
    judge = Judge(compiling(compiler), "smoke")
    op = spec.find("activations/relu")
    cases = [
        judge.verdict(Cell("numpy", op.id, law, "float32")).cases
        for law in ("values", "special_values", "repeatability", "exchangeability")
    ]
    assert 0 < len(compiler.made) < sum(cases) / 2


def test_gradients_are_compiled_with_the_call_where_the_framework_transforms_it() -> None:
    """On JAX one function is compiled for a gradient, and one for the values."""
    subject, case = Subject(BACKENDS["jax"]), parse(DENSE)
    assert subject.mode == "compiled"
    arguments = case.arguments()
    compiled: list[Any] = []
    honest = subject.package.compiled  # type: ignore[attr-defined]

    class Noting(Compiler):
        def compiled(self, function: Callable[..., Any]) -> Callable[..., Any]:
            compiled.append(function)
            made: Callable[..., Any] = honest(function)
            return made

    noting = Noting()
    noting.package = subject.package
    subject._execution = Execution(noting, "compiled")
    names, cotangent = ("x", "kernel"), np.ones((2, 3), "float32")
    for _ in range(2):
        found = subject.gradients(case, arguments, names, [cotangent])
        assert [part.shape for part in found] == [(2, 4), (4, 3)]
    assert len(compiled) == 1
    outcome = Judge(subject).outcome("gradients", case)
    assert outcome is not None
    assert outcome.holds
    assert outcome.judges


@pytest.mark.parametrize("backend", ["jax", "torch", "numpy"])
def test_each_backend_is_asked_as_most_of_its_users_do(backend: str) -> None:
    assert Subject(BACKENDS[backend]).mode == ("compiled" if backend == "jax" else "eager")


def test_steps_of_an_optimizer_are_right_both_ways() -> None:
    """Compiled they are a loop, of which JAX compiles one step."""
    cases = sample(spec.find("optimizers/adam"), "values", "float32", "smoke", 0)[:3]
    for judge in (Judge(Subject(BACKENDS["jax"], mode=mode)) for mode in EXECUTIONS):
        for outcome in (judge.outcome("values", case) for case in cases):
            assert outcome is not None
            assert outcome.holds or judge.documented("values", outcome)
