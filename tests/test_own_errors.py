"""What Etalon, a rule of the user's or a constructor raises is told as that, with its line."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import etalon
from etalon import spec
from etalon.backends import BACKENDS
from etalon.conformance import laws
from etalon.conformance.candidates import name_mapping
from etalon.conformance.judging.judge import Cell, Judge
from etalon.conformance.subjects import subject as subjects
from etalon.conformance.subjects.outcomes import unjudged
from etalon.conformance.subjects.subject import Subject
from etalon.reports.terminal import summary
from etalon.spec.model import FLAG, Choice, Op, tensor
from installing import etalon as command
from test_provided_specs import catalogue

__all__ = ["catalogue"]

CELL = Cell("numpy", "activations/elu", "values", "float32")
TANH: dict[str, Any] = {
    "op": "tanh",
    "backend": "numpy",
    "profile": "smoke",
    "dtypes": ["float32"],
    "laws": ["values", "shape_and_dtype"],
}


def planted(*_: Any, **__: Any) -> Any:
    """Raise as a fault of Etalon's would."""
    raise StopIteration("planted")


def unfitting(*_: Any, **__: Any) -> Any:
    """Raise as a framework would."""
    raise TypeError("no array")


def here(function: Callable[..., Any]) -> str:
    """Return the place of the line behind the head of a function of this file."""
    return f"test_own_errors.py:{function.__code__.co_firstlineno + 2}"


# Etalon


def test_a_fault_of_a_law_is_no_verdict_on_a_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "find", lambda name: planted)
    verdict = Judge(Subject(BACKENDS["numpy"]), "smoke").verdict(CELL)
    assert (verdict.verdict, verdict.cases) == ("crashed", 0)
    assert verdict.reason.startswith("Etalon's own error in conformance/judging/control.py:")
    assert verdict.reason.endswith(": StopIteration: planted")
    assert verdict.own_error


def test_a_fault_before_the_call_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "arranged", planted)
    verdict = Judge(Subject(BACKENDS["numpy"]), "smoke").verdict(CELL)
    assert verdict.own_error
    assert "conformance/subjects/subject.py:" in verdict.reason
    assert verdict.clusters == ()


def test_a_conversion_of_what_is_given_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Subject(BACKENDS["numpy"])
    monkeypatch.setattr(honest.package, "from_numpy", planted)
    assert Judge(honest, "smoke").verdict(CELL).own_error


def test_what_a_backend_returns_is_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Subject(BACKENDS["numpy"])
    monkeypatch.setattr(honest.package, "to_numpy", unfitting)
    verdict = Judge(honest, "smoke").verdict(CELL)
    assert verdict.verdict == "fails"
    assert {cluster.cause for cluster in verdict.clusters} == {"refused with TypeError"}


def test_a_check_says_that_etalon_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "find", lambda name: planted)
    with pytest.raises(RuntimeError, match="tanh could not be judged to compute what") as failure:
        etalon.check(np.tanh, **TANH)
    assert "⚡ Etalon's own error in conformance/judging/control.py:" in str(failure.value)
    monkeypatch.undo()
    monkeypatch.setattr(name_mapping, "used_by", planted)
    with pytest.raises(RuntimeError, match="Etalon's own error in conformance/candidates/"):
        etalon.check(lambda x, alpha=1: np.tanh(x), config={"alpha": "1"}, **TANH)


def test_a_run_says_that_etalon_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "find", lambda name: planted)
    verdict = Judge(Subject(BACKENDS["numpy"]), "smoke").verdict(CELL)
    printed = io.StringIO()
    Console(file=printed, width=400).print(summary([verdict]))
    shown = printed.getvalue()
    assert "cpu, float32 could not be judged: Etalon's own error in" in shown
    assert "float32 crashed" not in shown


TANH_CASE = "activations/tanh:float32:normal:x1.0:s0:shape=4x"
PLANTED = """
from etalon.conformance.laws import values
from mine_right import right


def judge(subject, case):
    raise KeyError("planted")


values.judge = judge
"""


@pytest.mark.process
@pytest.mark.parametrize("words", [(), ("--case", TANH_CASE)], ids=["all", "case"])
def test_the_command_ends_with_1(tmp_path: Path, words: tuple[str, ...]) -> None:
    right = "import numpy as np\n\n\ndef right(x):\n    return np.tanh(x)\n"
    (tmp_path / "mine_right.py").write_text(right)
    (tmp_path / "mine.py").write_text(PLANTED)
    common = ("--op", "tanh", "--backend", "numpy", "--profile", "smoke", "--law", "values")
    asked = ("check", "mine:right", *common, "--dtype", "float32", *words)
    done = command(*asked, path=tmp_path, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("right could not be judged to compute what"), done.stdout
    assert "⚡ Etalon's own error in conformance/judging/control.py:" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


# Rules and constructors


def test_a_rule_that_raises_is_said_to_with_its_line() -> None:
    def broken(shape: Any) -> Any:
        """Raise."""
        raise ZeroDivisionError("by nothing")

    place = here(broken)
    says = rf"config, 'alpha': the function raised ZeroDivisionError: by nothing \(.*{place}\)"
    with pytest.raises(ValueError, match=says):
        etalon.check(lambda x, alpha=1: np.tanh(x), config={"alpha": broken}, **TANH)
    says = "config, 'alpha': '1 // 0' raised ZeroDivisionError"
    with pytest.raises(ValueError, match=says):
        etalon.check(lambda x, alpha=1: np.tanh(x), config={"alpha": "1 // 0"}, **TANH)
    says = r"inputs, 'y': the function raised KeyError: 'x'"
    with pytest.raises(ValueError, match=says):
        etalon.check(lambda y: np.tanh(y), inputs={"y": lambda x: {"y": x}["x"]}, **TANH)


def test_a_rule_for_weights_that_raises_is_said_to() -> None:
    torch = pytest.importorskip("torch")
    linear: dict[str, Any] = {
        "op": "Dense",
        "backend": "torch",
        "config": {"in_features": "features", "out_features": "units", "bias": "use_bias"},
        "only": {"activation": "linear"},
    }
    rules = {"weight": lambda kernel: kernel.t().reshape(-7)}
    says = r"weights, 'weight': the function raised RuntimeError: .*test_own_errors\.py:\d+\)"
    with pytest.raises(ValueError, match=says):
        etalon.check(torch.nn.Linear, weights=rules, **linear)


def test_a_constructor_that_raises_is_said_to_with_its_line() -> None:
    wrong = pytest.importorskip("candidates.in_torch").Unmade
    with pytest.raises(AssertionError, match=r"constructor raised KeyError in \d of \d") as failure:
        etalon.check(wrong, **{**TANH, "backend": "torch"})
    says = r"its constructor raised KeyError: 'nothing' \(.*candidates/in_torch\.py:\d+\)"
    assert re.search(says, str(failure.value))
    assert "refused a valid call" not in str(failure.value)


# Entries that are odd, and valid


def weighed(y_true: Any, y_pred: Any, sample_weight: Any = None, **config: Any) -> Any:
    """Return the sum over features of weighted products, for each example."""
    product = np.sum(y_true * y_pred, axis=-1)
    return product if sample_weight is None else product * sample_weight


def odd(**changes: Any) -> Op:
    """Return a loss of another package's, with these changes."""
    entry: dict[str, Any] = {
        "id": "losses/weighed",
        "keras": "",
        "source": "this test",
        "formula": "y = sum(y_true · y_pred) · sample_weight",
        "inputs": {
            "y_true": tensor("batch features"),
            "y_pred": tensor("batch features"),
            "sample_weight": tensor("batch", values="sample_weight", optional="weighted"),
        },
        "outputs": {"y": tensor("batch")},
        "dims": {"batch": Choice(1, 3), "features": Choice(2, 4), "weighted": FLAG},
        "functions": {"numpy": "test_own_errors:weighed"},
    }
    return Op(**{**entry, **changes})


ODD: Mapping[str, Op] = {
    "nothing may be exchanged": odd(),
    "a dimension that is a number": odd(exchangeable={"batch": "True"}, independent="True"),
    "features first": odd(exchangeable={"features": "True", "batch": "True"}),
    "another word for weighted": odd(
        inputs={**odd().inputs, "sample_weight": tensor("batch", optional="heavy")},
        dims={"batch": Choice(1, 3), "features": Choice(2, 4), "heavy": FLAG},
    ),
    "always weighted": odd(
        inputs={**odd().inputs, "sample_weight": tensor("batch", values="sample_weight")},
        exchangeable={"batch": "True"},
    ),
    "nothing that has a derivative": odd(
        differentiable=True,
        inputs={n: replace(t, differentiable=False) for n, t in odd().inputs.items()},
    ),
    "linear in what is absent": odd(linear="True", linear_in=("sample_weight",)),
}


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("name", ODD)
def test_an_odd_entry_is_judged_by_every_law(name: str) -> None:
    backend = "torch" if ODD[name].differentiable else "numpy"
    in_torch = backend == "torch"
    function = pytest.importorskip("candidates.in_torch").weighed if in_torch else weighed
    asked: dict[str, Any] = {
        "op": ODD[name],
        "backend": backend,
        "profile": "smoke",
        "dtypes": ["float32"],
    }
    verdicts = etalon.check(function, **asked)
    assert {verdict.verdict for verdict in verdicts} <= {"conforms", "skipped"}
    assert any(verdict.verdict == "conforms" for verdict in verdicts)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"independent": "True", "batch": "examples"}, "independent needs 'examples'"),
        ({"exchangeable": {"channels": "True"}}, "exchangeable needs 'channels'"),
        ({"exchangeable": {"batch": "many"}}, "exchangeable 'batch' uses many"),
        ({"translates": {"batch": "True"}}, "translates needs 'strides'"),
        ({"linear": "True", "linear_in": ("x",)}, "linear_in names 'x', but there are y_true"),
        ({"state": ("moving",)}, "state needs 'training'"),
    ],
)
def test_an_entry_that_no_law_could_judge_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=f"losses/weighed: {says}"):
        spec.add(odd(**changes))


def two(x: Any, **config: Any) -> Any:
    """Return two results in place of one."""
    return np.tanh(x), np.tanh(x)


def flat(x: Any, **config: Any) -> Any:
    """Return a result of another shape."""
    return np.tanh(x).reshape(-1)[:1]


@pytest.mark.parametrize("made", [two, flat])
@pytest.mark.parametrize("op", ["tanh", "layers/dropout", "layers/flatten", "layers/max_pooling2d"])
def test_results_of_another_number_or_shape_are_no_fault_of_a_law(made: Any, op: str) -> None:
    with pytest.raises(AssertionError) as failure:
        etalon.check(made, op=op, backend="numpy", profile="smoke", dtypes=["float32"])
    assert "Etalon's own error" not in str(failure.value)


def only_y(x: Any, gamma: Any, beta: Any, mean: Any, variance: Any, **config: Any) -> Any:
    """Return no state."""
    return x


def test_a_state_that_is_not_returned_is_no_fault_of_a_law() -> None:
    with pytest.raises(AssertionError, match="returned 1 results, wanted 3") as failure:
        etalon.check(only_y, op="BatchNormalization", backend="numpy", profile="smoke")
    assert "not judged: " in str(failure.value)
    assert "Etalon's own error" not in str(failure.value)


# No mark without a comparison


@pytest.mark.parametrize("law", ["exchangeability", "batch_independence", "linearity"])
def test_what_compares_nothing_does_not_conform(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "find", lambda name: lambda subject, case: unjudged(case, "so it is"))
    cell = Cell("numpy", "layers/flatten", law, "float32")
    verdict = Judge(Subject(BACKENDS["numpy"]), "smoke").verdict(cell)
    assert (verdict.verdict, verdict.reason, verdict.cases) == ("skipped", "so it is", 0)
