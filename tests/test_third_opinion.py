"""Adjudication: whoever computes wrongly is blamed, and nobody else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from command import Run
from etalon.backends import BACKENDS
from etalon.backends.numpy import activations
from etalon.conformance.arithmetic import bounded, exact_numbers
from etalon.conformance.arithmetic.bounded import Bounded
from etalon.conformance.arithmetic.exact import Exact
from etalon.conformance.arithmetic.precision import precision
from etalon.conformance.cases.case import parse
from etalon.conformance.judging.third_opinion import adjudicate
from etalon.conformance.subjects.subject import Subject
from etalon.conformance.truths.exact import exact_truth
from etalon.conformance.truths.values import truth

F32 = precision("float32")
ELU = "activations/elu:float32:normal:x1.0:s37:alpha=1.0,shape=4x"
DENSE = (
    "layers/dense:float32:normal:x1.0:s42:"
    "units=3,use_bias=true,activation=relu,batch=2x3,features=4"
)
DROPOUT = "layers/dropout:float32:normal:x1.0:s1:rate=0.5,training=true,shape=4x3"


def results(case_id: str) -> tuple[Any, ...]:
    return Subject(BACKENDS["numpy"]).run(parse(case_id))


def test_a_right_backend_and_a_right_reference() -> None:
    (one,) = adjudicate(parse(ELU), results(ELU), F32)
    assert one.reference.right
    assert one.backend.right
    assert one.verdict.startswith("both are right: worst error / bound 0.")


def test_a_wrong_backend_is_blamed() -> None:
    (y,) = results(ELU)
    (one,) = adjudicate(parse(ELU), (y * np.float32(1.0001),), F32)
    assert one.reference.right
    assert not one.backend.right
    assert one.verdict.startswith("the backend is wrong: worst error / bound ")
    (one,) = adjudicate(parse(ELU), (y * np.nan,), F32)
    assert one.verdict == "the backend is wrong: worst error / bound inf"


def inaccurate(ufunc: np.ufunc) -> Callable[..., Bounded]:
    """Return the rule of a library function, with a value that is off beyond its own precision."""
    honest = bounded.UFUNCS[ufunc]

    def rule(*operands: Bounded) -> Bounded:
        found: Bounded = honest(*operands)
        return Bounded(found.value * (1 + 1e-12), found.bound, found.precision)

    return rule


def test_a_wrong_reference_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(dict_of(bounded.UFUNCS), np.expm1, inaccurate(np.expm1))
    (y,) = results(ELU)
    (one,) = adjudicate(parse(ELU), (y,), F32)
    assert one.backend.right
    assert one.verdict.startswith("the reference is wrong: its value is off by more than")
    (one,) = adjudicate(parse(ELU), (y + 1,), F32)
    assert one.verdict.startswith("both are wrong: the reference, ")


def dict_of(mapping: Any) -> dict[Any, Any]:
    assert isinstance(mapping, dict)
    return mapping


def test_a_reference_that_overflows_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    def naive(x: Any, *, axis: int = -1) -> Any:
        return np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)

    case_id = "activations/softmax:float32:large_mean:x30.0:s1:axis=-1,shape=2x3"
    honest = results(case_id)
    monkeypatch.setattr(activations, "softmax", naive)
    (one,) = adjudicate(parse(case_id), honest, F32)
    assert np.isnan(one.truth.value).all()
    assert not one.reference.right
    assert one.verdict.startswith("the reference is wrong")
    exact: Any = Exact(one.exact)
    assert np.sum(exact, axis=-1).rounded(np.dtype(np.float64)).tolist() == [1, 1]


def test_a_branch_that_rounding_turns_is_nobodys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def stepped(x: Any, *, alpha: float) -> Any:
        return np.where((x + 2.0**40) - 2.0**40 < x, np.exp(-np.abs(x)), 5.0)

    monkeypatch.setattr(activations, "elu", stepped)
    case = parse(ELU.replace("4x", "5x33"))
    (found,) = truth(case, case.arguments(), F32)
    value, turned = found.value.astype(np.float32), found.value < 5
    got = np.where(turned, np.nextafter(value, np.float32(0)), value)
    (one,) = adjudicate(case, (got,), F32)
    assert (one.exact == 5).all()
    assert turned.any()
    assert one.reference.right
    assert one.backend.right


def test_inputs_are_what_the_dtype_holds() -> None:
    case = parse(
        "layers/flatten:bfloat16:normal:x1.0:s1:data_format=channels_last,batch=2,rest=3x,channels=2"
    )
    (value,) = exact_truth(case, case.arguments())
    x: Any = case.arguments()["x"]
    assert x.dtype.name == "bfloat16"
    assert [float(number) for number in value.flat] == x.astype(np.float64).ravel().tolist()


# The command

Replay = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def replay(etalon: Run, monkeypatch: pytest.MonkeyPatch) -> Replay:
    def run(case: str) -> tuple[int, str, str]:
        ended = etalon("replay", case, "--backend", "numpy", "--exact")
        return ended.status, ended.out, ended.err

    monkeypatch.setenv("COLUMNS", "80")
    return run


def test_replay_shows_the_exact_numbers_whole(replay: Replay) -> None:
    status, out, _ = replay(ELU)
    assert status == 0
    (one,) = adjudicate(parse(ELU), results(ELU), F32)
    for number in one.exact:
        assert exact_numbers.CONTEXT.nstr(number, 20) in out
    for number in (*one.truth.value, *one.got):
        assert str(number) in out
    assert "y: both are right: worst error / bound" in out
    assert "values holds" in out


def test_replay_ends_with_1_where_either_is_wrong(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as planted:
        planted.setitem(dict_of(bounded.UFUNCS), np.expm1, inaccurate(np.expm1))
        status, out, _ = replay(ELU)
        assert status == 1
        assert "y: the reference is wrong" in out
        assert "values holds" in out
    right = Subject.answer

    def wrong(self: Subject, *of: Any) -> Any:
        return tuple(y * np.float32(1.0001) for y in right(self, *of))

    monkeypatch.setattr(Subject, "answer", wrong)
    status, out, _ = replay(ELU)
    assert status == 1
    assert "y: the backend is wrong" in out


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (DROPOUT, "layers/dropout is random: its numbers have no exact value"),
        (f"{DENSE}:breaks=C1", "an invalid call has no exact value"),
    ],
)
def test_what_has_no_exact_value_is_said(replay: Replay, case: str, says: str) -> None:
    status, out, _ = replay(case)
    assert status == 0
    assert says in out


def test_without_mpmath_it_says_what_to_install(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mpmath", None)
    status, out, err = replay(ELU)
    assert (status, out) == (3, "")
    assert err == (
        "etalon: --exact needs mpmath, which is not installed: pip install 'nn-etalon[exact]'\n"
    )
